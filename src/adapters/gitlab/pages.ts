import { z } from 'zod';
import { readAnswer } from './client.ts';

/** Which page is asked for; `showExpanded` makes gitbeaker tell of the next one. */
export interface PageWanted {
  readonly page: number;
  readonly perPage: number;
  readonly showExpanded: true;
}

const Expanded = z.object({
  data: z.array(z.unknown()),
  paginationInfo: z.object({ next: z.number().nullable() }),
});

const perPage = 100;

/**
 * The rows of a list, page by page. The host's word decides whether there is a next page: GitLab filters notes after
 * it has cut the page, so that a short page need not be the last. At most `maxPages` are asked for.
 */
export async function* readPages<T>(
  schema: z.ZodType<T>,
  what: string,
  maxPages: number,
  ask: (wanted: PageWanted) => Promise<unknown>,
): AsyncGenerator<T> {
  let page: number | null = 1;
  for (let asked = 0; page !== null && asked < maxPages; asked += 1) {
    const answer: z.infer<typeof Expanded> = readAnswer(
      Expanded,
      await ask({ page, perPage, showExpanded: true }),
      what,
    );
    for (const row of answer.data) yield readAnswer(schema, row, what);
    page = answer.paginationInfo.next;
  }
}
