import type { Candidate, Release, ReleaseLine } from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import { UserError } from '../../errors.ts';

/**
 * The next attempt at the commit of a release that has ended. `attempts`: the numbers of those that there were.
 *
 * @throws UserError `nothing-to-retry` where there is nothing to do again, `newer-commit` where it would take production
 *   back behind a newer commit.
 */
export function retryOf(
  release: Release,
  line: ReleaseLine | undefined,
  attempts: readonly number[],
): Candidate {
  const { commit, branch, outcome, attempt } = release;
  const sha = shortSha(commit);
  const under = [line?.active, line?.waiting].find((other) => other?.commit === commit);
  if (outcome === undefined || under !== undefined)
    throw nothing(
      `attempt ${under?.attempt ?? attempt} at ${sha} is under way, or waits for its turn`,
      'Wait for its end. One that is held goes on with modelgate release resume.',
    );
  if (outcome === 'released' || outcome === 'nothing-to-release')
    throw nothing(
      outcome === 'released' ? `${sha} is released already` : `there was nothing to release in ${sha}`,
      'Push a commit that changes what production is made of.',
    );
  const newer = line?.waiting ?? line?.active;
  if (newer !== undefined) {
    const is = line?.waiting === undefined ? 'is under way' : 'waits';
    throw overtaken(
      `the newer commit ${shortSha(newer.commit)} ${is}: retrying ${sha} would take production back behind it`,
      `${shortSha(newer.commit)} has everything that ${sha} has. If it fails, it is the one to retry.`,
    );
  }
  const released = line?.released;
  if (released !== undefined && released.commit !== commit && released.at > release.began)
    throw overtaken(
      `${shortSha(released.commit)} was released since: retrying ${sha} would take production back behind it`,
      'To go back, revert the newer change and merge that: the revert is judged and released like any other commit.',
    );
  return { commit, branch, attempt: Math.max(attempt, ...attempts) + 1 };
}

function nothing(what: string, remedy: string): UserError {
  return new UserError('nothing-to-retry', what, remedy);
}

function overtaken(what: string, remedy: string): UserError {
  return new UserError('newer-commit', what, remedy);
}
