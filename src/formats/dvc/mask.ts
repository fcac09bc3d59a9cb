import { createSource, type Source, type Span } from '../source.ts';

/**
 * The source as it may be shown: the stretches and every credential inside a url made of `*`, so that excerpts show no
 * secret. Every position stays.
 */
export function maskSource(source: Source, secrets: readonly Span[] = []): Source {
  const all = [...secrets, ...urlCredentials(source.text)];
  if (all.length === 0) return source;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of all.sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    parts.push(source.text.slice(at, from), source.text.slice(from, end).replace(/[^\r\n]/g, '*'));
    at = end;
  }
  return createSource(source.path, parts.join('') + source.text.slice(at));
}

/** `user:secret` in `https://user:secret@host`, and signed queries. */
function urlCredentials(text: string): readonly Span[] {
  if (!text.includes('://')) return [];
  const spans: Span[] = [];
  for (const match of text.matchAll(/(:\/\/)([^/\s@:"']{0,200}:[^\s@"']{1,1000})@/g)) {
    spans.push(spanOf(match.index + 3, match[2] ?? ''));
  }
  for (const match of text.matchAll(
    /([?&](?:sig|token|key|x-amz-signature|x-amz-credential)=)([^\s&"']+)/gi,
  )) {
    spans.push(spanOf(match.index + (match[1] ?? '').length, match[2] ?? ''));
  }
  return spans;
}

function spanOf(start: number, text: string): Span {
  return { start, end: start + text.length };
}
