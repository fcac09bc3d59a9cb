import type { SecretRegistry } from '../../domain/secret.ts';
import { formsOf } from './secret-forms.ts';
import { maskTokens } from './token-patterns.ts';

/** Takes secrets out of texts. */
export interface Redactor {
  /** Any text. */
  text(text: string): string;
  /** One JSON object as a line; what comes out is JSON too. */
  line(line: string): string;
}

/** Shorter than the shortest secret: what is left can never contain one. */
const mask = '***';

interface Needles {
  readonly version: number;
  readonly exact: readonly string[];
  readonly base64: readonly string[];
}

/** A redactor that follows the registry: what is added later is redacted from then on. */
export function createRedactor(secrets: SecretRegistry): Redactor {
  let known: Needles = needlesOf(secrets);

  function current(): Needles {
    if (known.version !== secrets.version()) known = needlesOf(secrets);
    return known;
  }

  return {
    text: (text) => maskTokens(maskKnown(text, current()), mask),
    line(line) {
      const needles = current();
      return maskTokens(hits(line, needles) ? maskLine(line, needles) : line, mask);
    },
  };
}

function needlesOf(secrets: SecretRegistry): Needles {
  const exact = new Set<string>();
  const base64 = new Set<string>();
  for (const value of [...secrets.values()].flatMap(withLines)) {
    const forms = formsOf(value);
    for (const form of forms.exact) exact.add(form);
    for (const form of forms.base64) base64.add(form);
  }
  return { version: secrets.version(), exact: [...exact], base64: [...base64] };
}

/** A key in PEM form leaks by its lines as well. */
function withLines(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return [secret, ...lines];
}

function hits(text: string, needles: Needles): boolean {
  return (
    needles.exact.some((form) => text.includes(form)) || needles.base64.some((form) => text.includes(form))
  );
}

/**
 * Values are masked one by one, because masking the line itself could tear an escape apart. A line that still hits
 * (a secret made of JSON's own marks) is withheld.
 */
function maskLine(line: string, needles: Needles): string {
  const record = parse(line);
  if (record === undefined) return maskKnown(line, needles);
  const masked = JSON.stringify(maskValue(record, needles));
  if (!hits(masked, needles)) return `${masked}\n`;
  return `${JSON.stringify({ level: 'warn', msg: 'a line was withheld: it held a secret' })}\n`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function maskValue(value: unknown, needles: Needles): unknown {
  if (typeof value === 'string') return maskKnown(value, needles);
  if (Array.isArray(value)) return value.map((item) => maskValue(item, needles));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [
      maskKnown(key, needles),
      maskValue(item, needles),
    ]);
    return Object.fromEntries(entries) as unknown;
  }
  const text = String(value);
  const masked = maskKnown(text, needles);
  return masked === text ? value : masked;
}

/** Overlapping secrets are masked as one stretch: no tail of the longer one stays behind. */
function maskKnown(text: string, needles: Needles): string {
  const found = [...stretches(text, needles)].sort((a, b) => a.start - b.start);
  let masked = '';
  let done = 0;
  for (const { start, end } of found) {
    if (start >= done) masked += text.slice(done, start) + mask;
    done = Math.max(done, end);
  }
  return masked + text.slice(done);
}

function* stretches(text: string, needles: Needles): Generator<{ start: number; end: number }> {
  for (const form of needles.exact) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      yield { start: at, end: at + form.length };
    }
  }
  for (const core of needles.base64) {
    for (let at = text.indexOf(core); at >= 0;) {
      const word = wordAround(text, at, at + core.length);
      yield word;
      at = text.indexOf(core, word.end);
    }
  }
}

const base64Digit = /[\w+/=%-]/;

function wordAround(text: string, from: number, to: number): { start: number; end: number } {
  let start = from;
  let end = to;
  while (start > 0 && base64Digit.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && base64Digit.test(text.charAt(end))) end += 1;
  return { start, end };
}
