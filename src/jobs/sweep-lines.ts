import type { Release, ReleaseLine } from '../domain/release.ts';
import type { GateDeps } from '../gate/deps.ts';
import type { FollowUp } from '../ports/queue.ts';

/** Newest releases of a line among which the one under way is looked for. */
const newest = 10;

/**
 * The lines on which something is under way or waits, and that nobody will wake: their wake-up is lost, or long overdue. A line
 * that people hold waits for them, and one that the configuration does not have any more for the configuration. Asks no host.
 */
export async function forgottenLines(
  lines: readonly ReleaseLine[],
  deps: Pick<GateDeps, 'hosts' | 'environments' | 'releases' | 'clock' | 'retries'>,
): Promise<readonly FollowUp[]> {
  const forgotten: FollowUp[] = [];
  for (const line of lines) {
    const { host, repositoryId, environment } = line.line;
    const isConfigured = deps.hosts.has(host) && deps.environments.has(environment);
    if (!isConfigured || line.hold !== undefined || !(await isForgotten(line, deps))) continue;
    const ids = { host, repositoryId, environment, tip: line.branch };
    forgotten.push({ kind: 'release', ids, at: undefined });
  }
  return forgotten;
}

async function isForgotten(
  { line, active, waiting }: ReleaseLine,
  { releases, clock, retries }: Pick<GateDeps, 'releases' | 'clock' | 'retries'>,
): Promise<boolean> {
  if (active === undefined) return waiting !== undefined;
  const isActive = ({ commit, attempt }: Release): boolean =>
    commit === active.commit && attempt === active.attempt;
  const release = (await releases.list({ line, limit: newest })).find(isActive);
  // What it is held for may go away by itself, so it is looked at now and then.
  if (release?.hold !== undefined && release.wakeAt === undefined) return false;
  if (release?.outcome !== undefined || release?.wakeAt === undefined) return true;
  // As long as trouble of the outside may put a wake-up off.
  return clock.now().getTime() - new Date(release.wakeAt).getTime() > 2 * retries.every;
}
