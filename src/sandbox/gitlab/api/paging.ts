import type { World } from '../world.ts';
import { integerParam } from './params.ts';
import type { Answer, Call } from './call.ts';
import { badParameter } from '../refusal.ts';

/** One page of a list with the headers of offset pagination; 20 entries by default, 100 at most. */
export function paged<T>(
  world: World,
  call: Call,
  path: string,
  entries: readonly T[],
  show: (entry: T) => unknown,
): Answer {
  const page = integerParam(call.params, 'page') ?? 1;
  const perPage = Math.min(integerParam(call.params, 'per_page') ?? 20, 100);
  if (page < 1) throw badParameter('page does not have a valid value');
  if (perPage < 1) throw badParameter('per_page does not have a valid value');
  const pages = Math.max(1, Math.ceil(entries.length / perPage));
  const start = (page - 1) * perPage;
  const link = (rel: string, target: number): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(target));
    query.set('per_page', String(perPage));
    return `<${world.url}/api/v4${path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [link('first', 1), link('last', pages)];
  if (page < pages) links.unshift(link('next', page + 1));
  if (page > 1) links.unshift(link('prev', page - 1));
  return {
    status: 200,
    body: entries.slice(start, start + perPage).map(show),
    headers: {
      'x-page': String(page),
      'x-per-page': String(perPage),
      'x-next-page': page < pages ? String(page + 1) : '',
      'x-prev-page': page > 1 ? String(page - 1) : '',
      'x-total': String(entries.length),
      'x-total-pages': String(pages),
      link: links.join(', '),
    },
  };
}
