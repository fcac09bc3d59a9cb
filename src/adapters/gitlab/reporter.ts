import type { Reporter } from '../../ports/host.ts';
import { setStatus } from './set-status.ts';
import type { StatusDeps } from './try-place.ts';

/** Writes to GitLab; every write looks up what is there first. */
export function createGitlabReporter(deps: StatusDeps): Reporter {
  return {
    setStatus: (change, status, memory, signal) => setStatus(deps, { change, status, memory }, signal),
  };
}
