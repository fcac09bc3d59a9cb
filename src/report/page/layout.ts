import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';

/** A whole page. `refresh`: seconds after which the browser loads it again. */
export function layout(page: {
  readonly title: string;
  readonly refresh?: number | undefined;
  readonly body: HtmlPart;
}): Html {
  const refresh =
    page.refresh === undefined ? undefined : markup`<meta http-equiv="refresh" content="${page.refresh}">\n`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${page.title}</title>
<link rel="stylesheet" href="/assets/style.css">
</head>
<body>
${page.body}
</body>
</html>
`;
}

/** Rows of two columns; rows without a value are left out. */
export function facts(rows: readonly (readonly [string, HtmlPart])[]): Html {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '');
  const cells = shown.map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`,
  );
  return markup`<table>\n${cells}</table>\n`;
}

/** A table with a heading row, or nothing when there are no rows. */
export function table(headings: readonly string[], rows: readonly (readonly HtmlPart[])[]): Html | undefined {
  if (rows.length === 0) return undefined;
  const head = headings.map((heading) => markup`<th scope="col">${heading}</th>`);
  const body = rows.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`);
  return markup`<table>\n<tr>${head}</tr>\n${body}</table>\n`;
}

/** A section with its heading, or nothing when it is empty. */
export function section(heading: string, content: HtmlPart): Html | undefined {
  if (content === undefined || (Array.isArray(content) && content.every((part) => part === undefined)))
    return undefined;
  return markup`<section>\n<h2>${heading}</h2>\n${content}</section>\n`;
}
