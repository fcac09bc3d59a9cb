import type { MergeRequest } from '../state.ts';

/** Whether the title says that it is not ready. */
export function isDraft(mergeRequest: MergeRequest): boolean {
  return /^(?:\[draft\]|\(draft\)|draft:)/i.test(mergeRequest.title);
}
