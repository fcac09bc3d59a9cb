import { z } from 'zod';
import { readAnswer, type Answer } from './client.ts';

const perPage = 100;

/**
 * The rows of a list, page by page. The host's Link header decides whether there is a next page. At most `maxPages` are
 * asked for. `rowsOf` takes the rows out of an answer that wraps them.
 */
export async function* readPages<T>(
  list: {
    readonly schema: z.ZodType<T>;
    readonly what: string;
    readonly maxPages: number;
    readonly rowsOf?: (data: unknown) => readonly unknown[];
  },
  ask: (page: { readonly page: number; readonly per_page: number }) => Promise<Answer>,
): AsyncGenerator<T> {
  const { schema, what, maxPages } = list;
  const rowsOf = list.rowsOf ?? ((data: unknown) => readAnswer(z.array(z.unknown()), data, what));
  for (let page = 1; page <= maxPages; page += 1) {
    const { data, headers } = await ask({ page, per_page: perPage });
    for (const row of rowsOf(data)) yield readAnswer(schema, row, what);
    if (!String(headers['link'] ?? '').includes('rel="next"')) return;
  }
}
