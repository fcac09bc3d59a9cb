/**
 * Characters that steer a terminal, hide text or turn its direction: control characters, zero-width and bidirectional
 * marks, line and paragraph separators, lone surrogates.
 */
const unprintable =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text from a repository as one harmless line: line breaks and tabs are spaces, other controls are shown as `\u001b`. */
export function oneLine(text: string): string {
  return printable(text.replace(/[\r\n\t]+/g, ' '));
}

/** The same for text whose line breaks matter. */
export function harmlessLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map((line) => printable(line.replaceAll('\t', '    ')));
}

/** Controls made visible; every other character stays. */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON that a terminal may show: what `JSON.stringify` leaves as it is becomes an escape, the value stays the same. */
export function harmlessJson(json: string): string {
  return json.replace(unprintable, (character) => (character === '\n' ? character : printable(character)));
}

/** At most `length` characters; what is cut leaves `…`. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A path cut in front, where it says least: `…/outputs/data.csv.dvc`. */
export function shortenPath(path: string, length: number): string {
  return path.length <= length
    ? path
    : `…${path.slice(path.length - length + 1).replace(/^[\udc00-\udfff]/, '')}`;
}

/** `1 error`, `2 errors`; `1 policy`, `2 policies`. */
export function plural(count: number, one: string): string {
  if (count === 1) return `1 ${one}`;
  return `${count} ${/[^aeiou]y$/.test(one) ? `${one.slice(0, -1)}ies` : `${one}s`}`;
}

/** An ISO time as people read it: `2026-11-22 15:14:53 UTC`; any other text stays as it is. */
export function timeText(iso: string): string {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(iso) ?? [];
  return date === undefined || time === undefined ? iso : `${date} ${time} UTC`;
}

/**
 * The parts of one of our sentences: what stands between two backticks is code. A backtick without its partner, which
 * only a name of somebody else's brings in, stays text. `names`: names that may have backticks of their own, longest first.
 */
export function codeSpans(
  sentence: string,
  names: readonly string[] = [],
): readonly { readonly text: string; readonly isCode: boolean }[] {
  // Its own backticks are hidden while the others are looked for.
  const own = names.filter((name) => name.includes('`'));
  const hidden = own.reduce((text, name) => text.replaceAll(name, name.replaceAll('`', '\ue000')), sentence);
  const spans = spansOf(hidden);
  if (own.length === 0) return spans;
  return spans.map(({ text, isCode }) => ({ text: text.replaceAll('\ue000', '`'), isCode }));
}

function spansOf(sentence: string): readonly { readonly text: string; readonly isCode: boolean }[] {
  const parts = sentence.split('`');
  const paired = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join('`')];
  const spans = paired.map((text, index) => ({ text, isCode: index % 2 === 1 }));
  // Two backticks with nothing between are no code: they stay what they are.
  return spans
    .map((span) => (span.isCode && span.text === '' ? { text: '``', isCode: false } : span))
    .filter(({ text }) => text !== '');
}
