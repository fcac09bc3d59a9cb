import type { CommitStatus, MergeRequest } from '../../sandbox/gitlab/state.ts';
import type { Narrator } from './narrate.ts';
import type { DemoWorld } from './world.ts';

/** What anything of the story may take. */
export const longestMs = 45_000;

/** The parts that every act needs. */
export interface Scene {
  readonly world: DemoWorld;
  readonly tell: Narrator;
  readonly stop: AbortSignal;
}

/** Commits files to a branch and opens a merge request of it. */
export async function propose(
  { gitlab, project }: DemoWorld,
  branch: string,
  title: string,
  files: Readonly<Record<string, string>>,
): Promise<MergeRequest> {
  await gitlab.commit(project, branch, files, { message: title, as: 'ada' });
  return gitlab.openMergeRequest(project, { source: branch, title, as: 'ada' });
}

/** Waits for the verdict that must come and shows it with its time. */
export async function verdict(
  { world, tell, stop }: Scene,
  mergeRequest: MergeRequest,
  wanted: 'failed' | 'success',
): Promise<void> {
  const began = Date.now();
  tell.waiting(mergeRequest);
  const isThere = (): CommitStatus | undefined => {
    const status = newest(world, mergeRequest.sha, 'modelgate');
    const told = wanted === 'success' || world.gitlab.notes(mergeRequest).length > 0;
    return status?.status === wanted && told ? status : undefined;
  };
  tell.status(await eventually(world, wanted, isThere, stop), Date.now() - began);
}

/** The newest status of that name beside a commit. */
export function newest({ gitlab, project }: DemoWorld, sha: string, name: string): CommitStatus | undefined {
  return gitlab.statuses(project, sha).findLast((status) => status.name === name);
}

/** Looks until there is something. @throws Error when the story stands still */
export async function eventually<Found>(
  { places }: DemoWorld,
  what: string,
  look: () => Found | undefined,
  stop: AbortSignal,
): Promise<Found> {
  const began = Date.now();
  for (;;) {
    stop.throwIfAborted();
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() - began > longestMs)
      throw new Error(`the story stopped: no ${what} within ${longestMs / 1000} s; see ${places.log}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
