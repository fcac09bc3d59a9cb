import type { Reporter } from '../../ports/host.ts';
import { setStatus } from './set-status.ts';
import type { StatusDeps } from './set-status.ts';
import { placeOfHead } from './status-place.ts';

/** Writes to GitHub; every write looks up what is there first. */
export function createGithubReporter(deps: StatusDeps): Reporter {
  return {
    setStatus: (change, status, memory, signal) =>
      setStatus(deps, { place: placeOfHead(change), status, memory }, signal),
  };
}
