import { html, redirect, type Answer, type Asking } from './answer.ts';
import type { Account, Asked, Grants } from './grants.ts';

/**
 * The page on which somebody says who they are: `<path>` shows it, `<path>/as?user=…` is its answer, `<path>/deny` the
 * other one. undefined: the request is about something else.
 */
export function authorize(
  asking: Asking,
  path: string,
  {
    grants,
    accounts,
    needs,
  }: {
    readonly grants: Grants;
    readonly accounts: () => readonly Account[];
    /** What is wrong with a request that OAuth alone would take. */
    readonly needs?: (asked: Asked) => string | undefined;
  },
): Answer | undefined {
  if (asking.method !== 'GET' || !asking.path.startsWith(path)) return undefined;
  const rest = asking.path.slice(path.length);
  if (!['', '/as', '/deny'].includes(rest)) return undefined;
  const asked = grants.read(asking.query);
  const wrong = typeof asked === 'string' ? asked : needs?.(asked);
  if (typeof asked === 'string' || wrong !== undefined) return html(400, page(`<p>${wrong ?? ''}</p>`));
  if (rest === '') return html(200, chooser(asking.query, path, accounts()));
  const back = new URL(asked.redirectUri);
  back.searchParams.set('state', asked.state);
  if (rest === '/deny') {
    back.searchParams.set('error', 'access_denied');
    return redirect(back.href);
  }
  const account = accounts().find(({ login }) => login === asking.query.get('user'));
  if (account === undefined) return html(400, page('<p>There is no such user.</p>'));
  back.searchParams.set('code', grants.grant(asked, account));
  return redirect(back.href);
}

function chooser(query: URLSearchParams, path: string, accounts: readonly Account[]): string {
  // Relative, so that the page works below any path.
  const name = path.slice(path.lastIndexOf('/') + 1);
  const link = (rest: string, text: string, more: Readonly<Record<string, string>> = {}): string => {
    const search = new URLSearchParams([...query, ...Object.entries(more)]);
    return `<li><a href="${escape(`${name}/${rest}?${search.toString()}`)}">${escape(text)}</a></li>`;
  };
  const people = accounts.map(({ login }) => link('as', `Sign in as ${login}`, { user: login }));
  return page(`<ul>${people.join('')}${link('deny', 'Deny')}</ul>`);
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title><h1>Who are you?</h1>${body}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
