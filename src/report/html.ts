const text: unique symbol = Symbol('html');

/** HTML that was made here. Data from outside cannot pass for it: JSON has no symbols. */
export interface Html {
  readonly [text]: string;
}

/** What may stand in a template: everything but `Html` is escaped. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

/**
 * A template whose parts are escaped by default. Attributes have to be quoted. It is not called `html`: formatters would
 * then rearrange white space that matters in `pre`.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let made = strings[0] ?? '';
  for (const [index, part] of parts.entries()) made += render(part) + (strings[index + 1] ?? '');
  return { [text]: made };
}

/** The text to send. */
export function htmlText(made: Html): string {
  return made[text];
}

/** The link's target if it is one that a browser only follows, else undefined: `javascript:` is a script. */
export function safeUrl(url: string): string | undefined {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}

function render(part: HtmlPart): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if (isList(part)) return part.map(render).join('');
  // Something from outside whose type was a lie is shown as text.
  return Object.hasOwn(part, text) ? part[text] : escapeHtml(JSON.stringify(part) ?? '');
}

function isList(part: Html | readonly HtmlPart[]): part is readonly HtmlPart[] {
  return Array.isArray(part);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for HTML, in elements and in quoted attributes. Control characters and those that turn the direction of writing
 * are shown as their code, so that a text cannot look like another one.
 */
export function escapeHtml(untrusted: string): string {
  return untrusted
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (character) =>
      character === '\n' || character === '\t' ? character : codeOf(character),
    );
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
