/**
 * Whether a path matches a glob, both with `/` and relative to the repository. `*` and `?` stay within a segment,
 * `**` spans any number of them, `{a,b}` is either; every other character stands for itself. Files that begin with
 * a dot match too. A leading `!` means nothing here: who has lists of globs gives it its meaning.
 */
export function matchesGlob(path: string, glob: string): boolean {
  return expandBraces(glob).some((pattern) => matchSegments(path.split('/'), pattern.split('/')));
}

/** At most a hundred alternatives: more is an accident or an attack. */
function expandBraces(glob: string): readonly string[] {
  let patterns = [glob];
  for (;;) {
    const next = patterns.flatMap(expandFirst);
    if (next.length === patterns.length || next.length > 100) return patterns;
    patterns = next;
  }
}

function expandFirst(pattern: string): readonly string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (braces === null) return [pattern];
  const before = pattern.slice(0, braces.index);
  const after = pattern.slice(braces.index + braces[0].length);
  return (braces[1] ?? '').split(',').map((choice) => before + choice + after);
}

function matchSegments(path: readonly string[], pattern: readonly string[]): boolean {
  return matchParts(path, pattern, '**', (segment, wanted) => matchText(segment, wanted));
}

function matchText(text: string, pattern: string): boolean {
  return matchParts(text, pattern, '*', (character, wanted) => wanted === '?' || wanted === character);
}

/** Greedy with one way back, to the last `many`, which stands for any number of parts: linear in pattern times parts. */
function matchParts(
  parts: ArrayLike<string>,
  pattern: ArrayLike<string>,
  many: string,
  fits: (part: string, wanted: string) => boolean,
): boolean {
  let at = 0;
  let next = 0;
  let star: { at: number; next: number } | undefined;
  while (at < parts.length) {
    const wanted = pattern[next];
    if (wanted === many) {
      star = { at, next };
      next += 1;
    } else if (wanted !== undefined && fits(parts[at] ?? '', wanted)) {
      at += 1;
      next += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      next = star.next + 1;
    } else {
      return false;
    }
  }
  while (pattern[next] === many) next += 1;
  return next === pattern.length;
}
