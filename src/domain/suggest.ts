/**
 * The candidate that the person probably meant, case ignored: the only one that begins with the text (two letters and
 * more); else the nearest by edit distance (a swap of neighbours is one edit), when it is near enough: a third of the
 * longer text, and at least one edit; else the only one that contains the text.
 */
export function suggest(wanted: string, among: Iterable<string>): string | undefined {
  const candidates = [...among];
  const text = wanted.slice(0, 100).toLowerCase();
  return beginning(text, candidates) ?? nearest(text, candidates) ?? containing(text, candidates);
}

function nearest(text: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const other = candidate.slice(0, 100).toLowerCase();
    const allowed = Math.max(1, Math.floor(Math.max(text.length, other.length) / 3));
    if (Math.abs(text.length - other.length) > allowed) continue;
    const distance = editDistance(text, other);
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The only candidate that begins with the text: `sarif` for `sar`. */
function beginning(text: string, candidates: readonly string[]): string | undefined {
  if (text.length < 2) return undefined;
  return only(candidates.filter((candidate) => candidate.toLowerCase().startsWith(text)));
}

/** The only candidate that the text is a part of: `INTEGER` in `NUMBER_INTEGER`. */
function containing(text: string, candidates: readonly string[]): string | undefined {
  if (text.length < 4) return undefined;
  return only(candidates.filter((candidate) => candidate.toLowerCase().includes(text)));
}

function only(found: readonly string[]): string | undefined {
  return found.length === 1 ? found[0] : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text of the other. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      least = Math.min(least, (previous[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
