/**
 * Where an answer is not what was expected, as `predictions[0]: 4.1 instead of 3 ± 0.5`; undefined: it is. Every key that is
 * expected must be there; others may be, too. Lists have the same length. Numbers may differ by the tolerance.
 */
export function unexpected(
  expected: unknown,
  actual: unknown,
  tolerance: number,
  at = '',
): string | undefined {
  if (typeof expected === 'number') return unexpectedNumber(expected, actual, { tolerance, at });
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return told(at, actual, 'a list');
    if (actual.length !== expected.length)
      return `${name(at)}: a list of ${actual.length} instead of ${expected.length}`;
    return firstOf(
      expected.map((item, index) => unexpected(item, actual[index], tolerance, `${at}[${index}]`)),
    );
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return told(at, actual, 'an object');
    const below = at === '' ? '' : `${at}.`;
    return firstOf(
      Object.entries(expected).map(([key, value]) =>
        unexpected(value, Object.hasOwn(actual, key) ? actual[key] : undefined, tolerance, below + key),
      ),
    );
  }
  return Object.is(expected, actual) ? undefined : told(at, actual, JSON.stringify(expected));
}

function unexpectedNumber(
  expected: number,
  actual: unknown,
  { tolerance, at }: { readonly tolerance: number; readonly at: string },
): string | undefined {
  const close = typeof actual === 'number' && Math.abs(actual - expected) <= tolerance;
  return close
    ? undefined
    : told(at, actual, tolerance === 0 ? String(expected) : `${expected} ± ${tolerance}`);
}

function firstOf(found: readonly (string | undefined)[]): string | undefined {
  return found.find((one) => one !== undefined);
}

function told(at: string, actual: unknown, expected: string): string {
  const rounded = typeof actual === 'number' ? Number(actual.toPrecision(6)) : actual;
  const shown = rounded === undefined ? 'nothing' : (JSON.stringify(rounded) ?? 'nothing').slice(0, 80);
  return `${name(at)}: ${shown} instead of ${expected}`;
}

function name(at: string): string {
  return at === '' ? 'the answer' : at;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
