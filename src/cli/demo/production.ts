import type { CommitStatus } from '../../sandbox/gitlab/state.ts';
import { followRelease, followTasks } from './follow.ts';
import { eventually, newest, type Scene } from './watch.ts';

/** Tells how a commit gets to production, step by step, until it has ended as it must. */
export async function production(
  scene: Scene,
  sha: string,
  wanted: 'failed' | 'success',
): Promise<CommitStatus> {
  const { world, tell, stop } = scene;
  const began = Date.now();
  const page = await eventually(
    world,
    'release',
    () => newest(world, sha, 'modelgate/production')?.targetUrl,
    stop,
  );
  const hasEnded = (): CommitStatus | undefined => {
    const status = newest(world, sha, 'modelgate/production');
    if (status === undefined || status.status === 'running') return undefined;
    if (status.status === wanted) return status;
    throw new Error(`the story stopped: ${status.status}: ${status.description}; see ${world.places.log}`);
  };
  const ended = eventually(world, wanted, hasEnded, stop).then((status) => ({
    status,
    ms: Date.now() - began,
  }));
  const [{ status, ms }] = await Promise.all([
    ended,
    followTasks(scene, began),
    followRelease(scene, page, began),
  ]);
  tell.production(status, ms);
  return status;
}
