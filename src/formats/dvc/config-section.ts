import type { ConfigSection } from './config-text.ts';

/** Kind and name of a section with a name of its own: `['remote "x"']`, or `[[x]]` in `[remote]` (specs dvc 3.1). */
export function namedSection(
  section: ConfigSection,
): { readonly kind: string; readonly name: string } | undefined {
  const [first = '', second] = section.path;
  const match = /^\s*(remote|machine|db)\s*"(.*)"\s*$/.exec(first);
  if (match !== null && section.path.length === 1) return { kind: match[1] ?? '', name: match[2] ?? '' };
  if (section.path.length === 2 && /^(?:remote|machine|db)$/.test(first))
    return { kind: first, name: second ?? '' };
  return undefined;
}
