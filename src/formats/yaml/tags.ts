import type { ScalarValue } from './node.ts';
import type { ScalarRules } from './scalars.ts';

const standard = 'tag:yaml.org,2002:';
const scalarTags = new Set(['str', 'int', 'float', 'bool', 'null', 'timestamp', 'binary', 'merge', 'value']);

/** Handles of a document, `!!` → `tag:yaml.org,2002:`, as its `%TAG` lines say. */
export type TagHandles = Readonly<Record<string, string>>;

/** What a tag asks for: nothing, one of YAML's own types by its short name, or something nobody here knows. */
export type Tag = 'none' | { readonly standard: string } | { readonly unknown: string };

/** The tag written as `raw` (`!!str`, `!<…>`, `!local`; empty where none is written). */
export function readTag(raw: string, handles: TagHandles): Tag {
  if (raw === '') return 'none';
  if (raw === '!') return { standard: 'str' };
  const full = expand(raw, handles);
  return full.startsWith(standard) ? { standard: full.slice(standard.length) } : { unknown: raw };
}

function expand(raw: string, handles: TagHandles): string {
  if (raw.startsWith('!<')) return raw.slice(2, -1);
  const handle = /^!(?:[0-9A-Za-z-]*!)?/.exec(raw)?.[0] ?? '!';
  const prefix = handles[handle] ?? (handle === '!!' ? standard : handle);
  return prefix + raw.slice(handle.length);
}

/** A tagged scalar's value, typed as the tag says; undefined when the text cannot be of that type. */
export function typeTagged(name: string, text: string, rules: ScalarRules): ScalarValue | undefined {
  if (!scalarTags.has(name)) return undefined;
  if (name === 'timestamp') return { type: 'timestamp', value: text };
  if (name === 'str' || name === 'binary' || name === 'merge' || name === 'value')
    return { type: 'string', value: text };
  const typed = rules.type(text);
  if (typed.type === 'invalid') return undefined;
  if (name === 'float' && typed.type === 'int') return { type: 'float', value: Number(typed.value) };
  return typed.type === name ? typed : undefined;
}
