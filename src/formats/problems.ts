import type { Problem } from './source.ts';

/** Where a reader puts the problems of one file: it keeps the first 200 and counts the others. */
export interface Problems {
  push(...problems: readonly Problem[]): void;
  /** Whether what comes next is only counted. */
  isFull(): boolean;
  /** What was kept; where there was more, one problem of code `limit` tells how many. */
  list(): readonly Problem[];
}

/** Nobody reads more, and a hostile file could have one in every second character. */
const mostProblems = 200;

/** Problems with the given ones at their head. A problem `limit` is always kept: it says that others are unknown. */
export function createProblems(first: Iterable<Problem> = []): Problems {
  const kept: Problem[] = [];
  const limits: Problem[] = [];
  let omitted: Problem | undefined;
  let count = 0;
  function add(problem: Problem): void {
    if (problem.code === 'limit' && limits.length < mostProblems) limits.push(problem);
    else if (kept.length < mostProblems) kept.push(problem);
    else {
      omitted ??= problem;
      count += 1;
    }
  }
  for (const problem of first) add(problem);
  return {
    push(...problems) {
      for (const problem of problems) add(problem);
    },
    isFull: () => kept.length >= mostProblems,
    list: () => [...kept, ...limits, ...(omitted === undefined ? [] : [moreThan(omitted, count)])],
  };
}

function moreThan({ span, pointer }: Problem, count: number): Problem {
  const rest = count === 1 ? 'one more problem is' : `${count} more problems are`;
  return {
    code: 'limit',
    message: `after the first ${mostProblems} problems of this file ${rest} not told`,
    span,
    pointer,
    repair: 'repair those that are told, then check again',
  };
}
