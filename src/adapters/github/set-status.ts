import { UserError } from '../../errors.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReportMemory, Status } from '../../ports/host.ts';
import { ensureCheckRun, findLatest } from './check-run.ts';
import { ensureStatus, findStatus } from './commit-status.ts';
import type { InRepository } from './in-repository.ts';
import type { StatusPlace } from './status-place.ts';
import { toCheckWords, toStatusWords } from './status-words.ts';
import type { GithubCredentials } from './tokens.ts';

/** What writing a status needs of the world. */
export interface StatusDeps {
  readonly repositories: InRepository;
  readonly clock: Clock;
  readonly credentials: GithubCredentials;
}

/** What is wanted of one commit. */
interface Wanted {
  readonly place: StatusPlace;
  readonly status: Status;
  readonly memory: ReportMemory;
}

/**
 * Shows the status on the commit, in the repository that the change goes to, also for forks (specs git-hosts 5): an App by
 * a check, a user's token, which may make no checks, by a commit status.
 */
export async function setStatus(
  deps: StatusDeps,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<ReportMemory> {
  const { place, status, memory } = wanted;
  const { repositories, clock, credentials } = deps;
  if (credentials.kind === 'token') {
    const latest = await looking(place, credentials, findStatus(repositories, place, signal));
    if (isCalledOff(status) && latest !== undefined && latest.state !== 'pending') return memory;
    const words = toStatusWords(status);
    await writing(place, credentials, ensureStatus(repositories, { place, words, latest }, signal));
    return memory;
  }
  const checks = { repositories, clock, appId: credentials.id };
  const latest = await looking(place, credentials, findLatest(checks, place, signal));
  if (isCalledOff(status) && latest?.status === 'completed') return memory;
  const made = ensureCheckRun(checks, { place, words: toCheckWords(status), latest }, signal);
  return { ...memory, checkRunId: await writing(place, credentials, made) };
}

/** Calling off ends what runs. A verdict that is there stays: it may be that of another change with the same head. */
function isCalledOff({ state, evaluation }: Status): boolean {
  return state === 'cancelled' && evaluation === undefined;
}

/** A head that is not there is gone: nobody will look at its status. */
async function looking<T>(place: StatusPlace, credentials: GithubCredentials, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-forbidden')) throw forbidden(place, thrown, credentials);
    if (!isAnswer(thrown, 'host-not-found', 'host-refused')) throw thrown;
    const message = `${place.described} is not there any more (${place.sha})`;
    const remedy = 'Nothing to do where the branch was pushed again: the newer head has its own status.';
    throw new UserError('head-gone', message, remedy, { cause: thrown });
  }
}

async function writing<T>(place: StatusPlace, credentials: GithubCredentials, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-forbidden', 'host-not-found')) throw forbidden(place, thrown, credentials);
    throw thrown;
  }
}

function forbidden(place: StatusPlace, cause: Error, credentials: GithubCredentials): UserError {
  const permission =
    credentials.kind === 'token'
      ? 'Give the token the permission "Commit statuses: write" for the repository.'
      : 'Give the App the permission "Checks: write", and let an owner of the organisation accept it.';
  const message = `GitHub does not let us write a status for ${place.described}`;
  return new UserError('status-forbidden', message, permission, { cause });
}
