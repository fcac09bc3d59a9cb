import type { Answer, Call } from './call.ts';

/** One page of a list with a `Link` header; 30 entries by default, 100 at most. */
export function paged<T>(
  call: Call,
  entries: readonly T[],
  show: (entry: T) => unknown,
  wrap: (shown: readonly unknown[], total: number) => unknown = (shown) => shown,
): Answer {
  const perPage = Math.min(Math.max(numberOf(call, 'per_page') ?? 30, 1), 100);
  const page = Math.max(numberOf(call, 'page') ?? 1, 1);
  const pages = Math.max(1, Math.ceil(entries.length / perPage));
  const shown = entries.slice((page - 1) * perPage, page * perPage).map(show);
  const links: string[] = [];
  if (page > 1) links.push(link(call, { page: String(page - 1) }, 'prev'));
  if (page < pages) {
    links.push(link(call, { page: String(page + 1) }, 'next'));
    links.push(link(call, { page: String(pages) }, 'last'));
  }
  if (page > 1) links.push(link(call, { page: '1' }, 'first'));
  return {
    status: 200,
    body: wrap(shown, entries.length),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** One page of a list whose next page hangs on a cursor: the id of its first entry. */
export function pagedByCursor<T extends { readonly id: number }>(
  call: Call,
  entries: readonly T[],
  show: (entry: T) => unknown,
): Answer {
  const perPage = Math.min(Math.max(numberOf(call, 'per_page') ?? 30, 1), 100);
  const cursor = call.query.get('cursor');
  const from = cursor === null ? 0 : entries.findIndex((entry) => `v1_${entry.id}` === cursor);
  const start = from < 0 ? entries.length : from;
  const next = entries[start + perPage];
  const links = next === undefined ? [] : [link(call, { cursor: `v1_${next.id}` }, 'next')];
  return {
    status: 200,
    body: entries.slice(start, start + perPage).map(show),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

function numberOf(call: Call, name: string): number | undefined {
  const text = call.query.get(name);
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function link(call: Call, change: Readonly<Record<string, string>>, rel: string): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  return `<${call.base}${call.target}?${query.toString()}>; rel="${rel}"`;
}
