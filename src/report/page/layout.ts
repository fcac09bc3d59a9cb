import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { timeText } from '../text.ts';

/** What our script goes on with while the page is open. */
export interface Live {
  /** An address of server-sent events that tells when this page has become another one. */
  readonly events?: string | undefined;
  /** What the page shows: the events tell when it is another version. */
  readonly version?: string | undefined;
  /** Seconds after which the page is asked for again where there are no events. */
  readonly every?: number | undefined;
}

/** A step on the way to a page; the last one is the page itself. */
export interface Crumb {
  readonly words: string;
  readonly href?: string | undefined;
}

/** Who is shown a page; `operator`: they run the installation; `signedIn`: they can sign out. */
export interface ShownTo {
  readonly name: string;
  readonly operator?: boolean;
  readonly signedIn?: boolean;
}

/** A whole page. `refresh`: seconds after which a browser without scripts loads it again. */
export function layout(page: {
  readonly title: string;
  readonly refresh?: number | undefined;
  readonly live?: Live | undefined;
  readonly crumbs?: readonly Crumb[];
  readonly visitor?: ShownTo | undefined;
  readonly body: HtmlPart;
}): Html {
  const { title, refresh, live, crumbs = [], visitor, body } = page;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh === undefined ? undefined : markup`<noscript><meta http-equiv="refresh" content="${refresh}"></noscript>\n`}<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/style.css">
${live === undefined ? undefined : markup`<script type="module" src="/assets/page.js"></script>\n`}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<nav aria-label="Where you are"><ol><li><a class="brand" href="/">modelgate</a></li>${crumbs.map(crumb)}</ol></nav>
${visitor === undefined ? undefined : shownTo(visitor)}</header>
<p id="news" class="unseen" role="status"></p>
${live === undefined ? undefined : markup`<p id="stale" class="notice" role="alert" hidden>The server does not answer, or wants you to sign in: what you see may be out of date. It is asked again; loading the page helps, too.</p>\n`}<main id="main" tabindex="-1"${live === undefined ? undefined : liveAttributes(live)}>
${body}</main>
</body>
</html>
`;
}

function shownTo({ name, operator = false, signedIn = false }: ShownTo): Html {
  const out = markup`<form method="post" action="/sign-out"><button>Sign out</button></form>\n`;
  return markup`<div class="visitor"><a href="/releases">Releases</a>${operator ? markup`<a href="/operations">Operations</a>` : undefined}<p>${name}</p>\n${signedIn ? out : undefined}</div>\n`;
}

function crumb({ words, href }: Crumb): Html {
  return href === undefined
    ? markup`<li aria-current="page">${words}</li>`
    : markup`<li><a href="${href}">${words}</a></li>`;
}

function liveAttributes({ events, version, every }: Live): Html {
  return markup`${attribute('data-events', events)}${attribute('data-version', version)}${attribute('data-every', every)}`;
}

function attribute(name: 'data-events' | 'data-version' | 'data-every', value: HtmlPart): Html | undefined {
  return value === undefined ? undefined : markup` ${name}="${value}"`;
}

/** Names with their values; rows without a value are left out. */
export function facts(rows: readonly (readonly [string, HtmlPart])[]): Html {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '');
  return markup`<dl class="facts">\n${shown.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>\n`;
}

/**
 * A table in a box of its own that scrolls where the page is narrow, or nothing when there are no rows. The first cell
 * of a row is its heading. `label` is its caption, for those who cannot see what stands above it.
 */
export function table(
  label: string,
  headings: readonly string[],
  rows: readonly (readonly HtmlPart[])[],
): Html | undefined {
  if (rows.length === 0) return undefined;
  const head = headings.map((heading) => markup`<th scope="col">${heading}</th>`);
  const body = rows.map(
    ([first, ...cells]) =>
      markup`<tr><th scope="row">${first}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`,
  );
  return markup`<div class="scrolls" role="region" aria-label="${label}" tabindex="0"><table>
<caption class="unseen">${label}</caption>
<thead><tr>${head}</tr></thead>
<tbody>\n${body}</tbody>
</table></div>\n`;
}

/** A section with its heading, or nothing when it is empty. */
export function section(heading: string, content: HtmlPart): Html | undefined {
  if (content === undefined || (Array.isArray(content) && content.every((part) => part === undefined)))
    return undefined;
  return markup`<section>\n<h2>${heading}</h2>\n${content}</section>\n`;
}

/** A time for people and for machines. */
export function timeOf(iso: string | undefined, words?: string): Html | undefined {
  if (iso === undefined) return undefined;
  const text = timeText(iso);
  if (text === iso) return markup`${iso}`;
  return words === undefined
    ? markup`<time datetime="${iso}">${text}</time>`
    : markup`<time datetime="${iso}" title="${text}">${words}</time>`;
}
