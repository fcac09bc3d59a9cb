/** Below this many objects asking for each is quickest, whatever else lies on the remote (specs dvc 9.2). */
const alwaysAskEach = 1000;

/** A page of keys costs about as much time as this many single questions (specs dvc 9.2: 3 to 5). */
const pageCost = 4;

/** Whether it may pay to list; then the first bucket is listed to learn how full the remote is. */
export function mayList(wanted: number): boolean {
  return wanted > alwaysAskEach;
}

/** Whether listing the other buckets takes less than asking for each of the objects that are still wanted. */
export function listingPays(state: {
  readonly wanted: number;
  readonly buckets: number;
  /** Pages of the bucket that was listed. */
  readonly pagesEach: number;
}): boolean {
  return state.buckets * Math.max(1, state.pagesEach) * pageCost < state.wanted;
}
