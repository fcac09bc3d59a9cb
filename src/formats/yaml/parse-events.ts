import { parseEvents, YAMLException } from 'js-yaml';
import type { Event } from 'js-yaml';
import type { Problem } from '../source.ts';
import { openBracketBefore } from './open-bracket.ts';
import { blankBreaks, confirmQuotes, findQuotes } from './shallow-quotes.ts';

/** Parser events of a text, or the one problem (code `syntax` or `limit`) that ends reading. */
export type Parsed =
  | { readonly events: readonly Event[]; readonly problem: undefined }
  | { readonly events: undefined; readonly problem: Problem };

/** Parses YAML into js-yaml's events, whose offsets point into `text`; reads what libyaml reads. Never throws. */
export function parseToEvents(text: string, maxDepth: number): Parsed {
  const first = attempt(text, maxDepth);
  if (!(first instanceof YAMLException)) return { events: first, problem: undefined };
  const { shallow, unclosed } = findQuotes(text);
  if (unclosed !== undefined && unclosed <= (first.mark?.position ?? 0)) return unclosedQuote(unclosed);
  if (shallow.length === 0) return { events: undefined, problem: explain(text, first, text, maxDepth) };
  const blanked = blankBreaks(text, shallow);
  const second = attempt(blanked, maxDepth);
  if (second instanceof YAMLException) {
    return { events: undefined, problem: explain(text, second, blanked, maxDepth) };
  }
  if (confirmQuotes(second, shallow)) return { events: second, problem: undefined };
  return { events: undefined, problem: explain(text, first, text, maxDepth) };
}

function unclosedQuote(at: number): Parsed {
  const message = 'not valid YAML: the quote that opens here is never closed';
  return {
    events: undefined,
    problem: { code: 'syntax', message, span: { start: at, end: at + 1 }, pointer: '' },
  };
}

function attempt(text: string, maxDepth: number): readonly Event[] | YAMLException {
  try {
    return parseEvents(text, { maxDepth });
  } catch (error) {
    if (error instanceof YAMLException) return error;
    throw error;
  }
}

/** `parsed` is the text that js-yaml saw: as long as `text`, perhaps with blanked line breaks. */
function explain(text: string, error: YAMLException, parsed: string, maxDepth: number): Problem {
  const at = Math.min(error.mark?.position ?? 0, text.length);
  const span = { start: at, end: Math.min(at + 1, text.length) };
  if (isDepth(error, parsed, maxDepth)) {
    const message = `nested more than ${maxDepth} levels deep (limit yamlDepth)`;
    return { code: 'limit', message, span, pointer: '' };
  }
  const tab = tabOfLine(text, at);
  if (tab !== undefined) {
    return {
      code: 'syntax',
      message: 'a tab indents this line; YAML allows only spaces there',
      span: { start: tab, end: tab + 1 },
      pointer: '',
      repair: 'replace the tab by spaces',
    };
  }
  const message = `not valid YAML: ${error.reason}${bracketHint(text, at)}`;
  return { code: 'syntax', message, span, pointer: '' };
}

/** What is wrong behind a bracket that is not closed is seldom what js-yaml complains of. */
function bracketHint(text: string, at: number): string {
  const open = openBracketBefore(text, at);
  if (open === undefined) return '';
  const line = text.slice(0, open).split(/\r\n|\r|\n/).length;
  const [bracket, missing] = text[open] === '[' ? ['[', ']'] : ['{', '}'];
  return `; this is inside the ${bracket} that opens at line ${line}: is its ${missing} missing?`;
}

/** js-yaml has one kind of error: a deeper limit that moves or removes it tells that the limit was the cause. */
function isDepth(error: YAMLException, parsed: string, maxDepth: number): boolean {
  const deeper = attempt(parsed, maxDepth + 8);
  if (!(deeper instanceof YAMLException)) return true;
  return deeper.mark?.position !== error.mark?.position || deeper.reason !== error.reason;
}

function tabOfLine(text: string, at: number): number | undefined {
  const start = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
  const indent = /^ *\t/.exec(text.slice(start, at + 1));
  return indent === null ? undefined : start + indent[0].length - 1;
}
