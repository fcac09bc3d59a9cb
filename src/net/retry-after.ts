/**
 * The wait that a `Retry-After` header asks for, in milliseconds from `now`: seconds or an HTTP date (RFC 9110 10.2.3).
 * Never less than 0 nor more than `capMs`; undefined when the header is absent or unreadable.
 */
export function parseRetryAfter(value: string | undefined, now: Date, capMs: number): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), capMs);
  // Date.parse reads many things that are no HTTP date, "-5" among them.
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now.getTime()), capMs);
}
