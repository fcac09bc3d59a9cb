import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';

/** One value of the policy: what people read of it, its form, and its meaning. */
interface Leaf<Value> {
  readonly about: string;
  /** Completes "expected …". */
  readonly expected: string;
  readonly example: string | number;
  readonly json: Readonly<Record<string, unknown>>;
  /** undefined: it is not of this form. */
  readonly parse: (written: unknown) => Value | undefined;
}

function leaf<Value>({ about, expected, example, json, parse }: Leaf<Value>) {
  return z
    .unknown()
    .transform((written, context): Value => {
      const value = parse(written);
      if (value !== undefined) return value;
      const what = written === undefined ? 'is missing; ' : '';
      context.addIssue({ code: 'custom', message: `${what}expected ${expected}, for example ${example}` });
      return z.NEVER;
    })
    .meta({ description: about, examples: [example], expected, json });
}

/** Milliseconds of `10m`. */
export function duration(about: string, example: string) {
  return leaf({
    about,
    example,
    expected: 'a duration with its unit (ms, s, m, h, d)',
    json: { type: 'string', pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$` },
    parse: (written) => (typeof written === 'string' ? parseDuration(written) : undefined),
  });
}

/** The fraction of `20%`. */
export function percentage(about: string, example: string) {
  return leaf({
    about,
    example,
    expected: 'a percentage with its sign',
    json: { type: 'string', pattern: String.raw`^\d+(\.\d+)?%$` },
    parse: (written) =>
      typeof written === 'string' && /^\d{1,6}(?:\.\d{1,6})?%$/.test(written)
        ? Number(written.slice(0, -1)) / 100
        : undefined,
  });
}

/** A path of the repository, or a pattern of paths. */
export function repositoryPath(about: string, example: string) {
  return leaf({
    about,
    example,
    expected: 'a path from the top of the repository, without leading slash and ..',
    json: { type: 'string', minLength: 1 },
    parse: (written) =>
      typeof written === 'string' && isInside(written.replace(/^!/, '')) ? written : undefined,
  });
}

function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}

/** A text that is not empty. */
export function text(about: string, example: string) {
  return leaf({
    about,
    example,
    expected: 'a text',
    json: { type: 'string', minLength: 1 },
    parse: (written) => (typeof written === 'string' && written !== '' ? written : undefined),
  });
}
