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

/** Greedy with one way back, to the last `**`: linear in pattern times path. */
function matchSegments(path: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let wanted = 0;
  let star: { at: number; wanted: number } | undefined;
  while (at < path.length) {
    const segment = pattern[wanted];
    if (segment === '**') {
      star = { at, wanted };
      wanted += 1;
    } else if (segment !== undefined && matchText(path[at] ?? '', segment)) {
      at += 1;
      wanted += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      wanted = star.wanted + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(wanted).every((segment) => segment === '**');
}

/** The same walk over characters, with `*` in the part of `**`. */
function matchText(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star: { at: number; wanted: number } | undefined;
  while (at < text.length) {
    if (pattern[wanted] === '*') {
      star = { at, wanted };
      wanted += 1;
    } else if (pattern[wanted] === '?' || (pattern[wanted] !== undefined && pattern[wanted] === text[at])) {
      at += 1;
      wanted += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      wanted = star.wanted + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(wanted));
}
