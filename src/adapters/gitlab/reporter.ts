import type { Reporter } from '../../ports/host.ts';
import { setComment } from './comment.ts';
import type { CommentDeps } from './comment.ts';
import { setStatus } from './set-status.ts';
import type { StatusDeps } from './set-status.ts';

/** Writes to GitLab; every write looks up what is there first. */
export function createGitlabReporter(deps: StatusDeps & CommentDeps): Reporter {
  return {
    setStatus: (change, status, memory, signal) => setStatus(deps, { change, status, memory }, signal),
    setComment: (change, comment, memory, signal) => setComment(deps, { change, ...comment, memory }, signal),
  };
}
