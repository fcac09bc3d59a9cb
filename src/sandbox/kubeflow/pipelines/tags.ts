import { isRecord } from '../package/shapes.ts';
import { invalid } from '../refusal.ts';

/** Tags as the query carries them: a JSON object of at most 20 short texts. @throws Refusal 400 */
export function readTags(text: string): Readonly<Record<string, string>> {
  if (text === '') return {};
  const tags: [string, string][] = [];
  for (const [key, value] of Object.entries(parse(text))) {
    if (typeof value !== 'string') throw unreadable();
    if (key === '' || key.length > 63 || key.includes('.') || value.length > 63)
      throw invalid(`tag "${key}" is not valid`);
    tags.push([key, value]);
  }
  if (tags.length > 20) throw invalid(`too many tags: ${tags.length}, maximum allowed is 20`);
  return Object.fromEntries(tags);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // The refusal below speaks for both.
  }
  throw unreadable();
}

function unreadable(): Error {
  return invalid('Failed to parse tags query parameter. Expected JSON object with string keys and values');
}
