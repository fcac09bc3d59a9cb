import { invalid } from '../refusal.ts';
import { readFilter, type Value } from './filter.ts';

/** What a list can be filtered and sorted by; the first field is the key. */
export interface Listable<T> {
  readonly type: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, (entry: T) => Value>>;
}

/** One page. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly total: number;
  /** '' at the end. */
  readonly next: string;
}

/** Where the next page begins, and what the list was asked for. */
interface Token {
  readonly sort: string;
  readonly descending: boolean;
  readonly filter: string;
  readonly value: Value;
  readonly key: Value;
}

/** One page of a list: 20 entries unless told otherwise, never more than 200 (specs kubeflow 3.6). @throws Refusal 400 */
export function listPage<T>(entries: readonly T[], query: URLSearchParams, listable: Listable<T>): Page<T> {
  const size = pageSize(query.get('page_size') ?? '');
  const token = readToken(query.get('page_token') ?? '');
  const asked = readSort(query.get('sort_by') ?? '', listable);
  const filter = query.get('filter') ?? '';
  const filled = (query.get('sort_by') ?? '') !== '' || filter !== '';
  const same = token?.sort === asked.sort && token.descending === asked.descending && token.filter === filter;
  if (token !== undefined && filled && !same)
    throw invalid(
      'page token does not match the supplied sort by and/or filtering criteria. Either specify the same criteria or leave the latter empty if page token is specified',
    );
  const { sort, descending, filter: criteria } = token ?? { ...asked, filter };
  const value = (entry: T): Value => listable.fields[sort]?.(entry) ?? '';
  const key = (entry: T): Value => listable.fields[listable.key]?.(entry) ?? '';
  const direction = descending ? -1 : 1;
  const order = (one: readonly [Value, Value], other: readonly [Value, Value]): number =>
    direction * (compare(one[0], other[0]) || compare(one[1], other[1]));
  const matching = entries
    .filter(readFilter(criteria, listable.fields))
    .toSorted((one, other) => order([value(one), key(one)], [value(other), key(other)]));
  const rest = matching.filter(
    (entry) => token === undefined || order([value(entry), key(entry)], [token.value, token.key]) >= 0,
  );
  const after = rest[size];
  const next = after && { sort, descending, filter: criteria, value: value(after), key: key(after) };
  return {
    entries: rest.slice(0, size),
    total: matching.length,
    next: next === undefined ? '' : Buffer.from(JSON.stringify(next)).toString('base64'),
  };
}

function compare(one: Value, other: Value): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function pageSize(text: string): number {
  if (text === '') return 20;
  if (!/^-?\d+$/.test(text))
    throw invalid(`type mismatch, parameter: page_size, error: "${text}" is no number`);
  const size = Number(text);
  if (size < 0) throw invalid(`The page size should be greater than 0. Got ${size}`);
  return size === 0 ? 20 : Math.min(size, 200);
}

function readSort<T>(
  text: string,
  listable: Listable<T>,
): { readonly sort: string; readonly descending: boolean } {
  const [field, direction, more] = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (field === undefined) return { sort: 'created_at', descending: false };
  if (more !== undefined || (direction !== undefined && direction !== 'asc' && direction !== 'desc'))
    throw invalid(
      `Received invalid sort by format "${text}". Supported format: "field_name", "field_name desc", or "field_name asc"`,
    );
  if (!(field in listable.fields))
    throw invalid(`Invalid sorting field: "${field}" on listable type ${listable.type}`);
  return { sort: field, descending: direction === 'desc' };
}

function readToken(text: string): Token | undefined {
  if (text === '') return undefined;
  try {
    const token: Token = JSON.parse(Buffer.from(text, 'base64').toString());
    if (typeof token.sort === 'string') return token;
  } catch {
    // The refusal below speaks for both.
  }
  throw invalid('Invalid page token');
}
