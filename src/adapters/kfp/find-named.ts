import { z } from 'zod';
import { answerOf, readAnswer, type Line } from './send.ts';

const api = 'apis/v2beta1';

/** A path of the API; segments are encoded, and may be chosen by people. */
export function pathOf(...segments: readonly string[]): string {
  return [api, ...segments.map(encodeURIComponent)].join('/');
}

/** Things that a list holds below a name. */
export interface NamedList<T> {
  readonly path: string;
  /** The list's field in the answer. */
  readonly field: string;
  readonly row: z.ZodType<T>;
  readonly key: 'name' | 'display_name';
  readonly value: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/** The rows whose key is the value, newest first; one page of the most that a server gives is more than enough. */
export async function findNamed<T>(
  line: Line,
  list: NamedList<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const predicate = { operation: 'EQUALS', key: list.key, string_value: list.value };
  const query = {
    ...list.query,
    page_size: '200',
    sort_by: 'created_at desc',
    filter: escaped(JSON.stringify({ predicates: [predicate] })),
  };
  const got = await line.ask({ method: 'GET', path: list.path, query }, signal);
  // What the list is of is gone, and with it all that was in it.
  if (got.kind === 'absent') return [];
  const json = answerOf(got);
  const rows = z.object({ [list.field]: z.array(z.unknown()).nullish() });
  const found = readAnswer(line, rows, json, list.path)[list.field] ?? [];
  return found.map((row) => readAnswer(line, list.row, row, list.path));
}

/** The server unescapes a filter once more than the query that it is in: what that would change is written as JSON can. */
function escaped(filter: string): string {
  return filter.replaceAll('%', '\\u0025').replaceAll('+', '\\u002b');
}
