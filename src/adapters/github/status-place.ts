import type { Change } from '../../domain/change.ts';
import { shortSha, type Sha } from '../../domain/repository.ts';
import type { DeployedCommit } from '../../ports/host.ts';
import { productionName, statusName } from './status-name.ts';

/** A commit that one of our statuses is about: a check of an App, a commit status of a token. */
export interface StatusPlace {
  readonly repositoryId: string;
  readonly sha: Sha;
  /** The name of the check, the context of the commit status. */
  readonly name: string;
  /** Whether people may ask for it again by a button. */
  readonly buttons: boolean;
  /** The commit, as messages have it: `the head of acme/auto-mpg#7`. */
  readonly described: string;
}

/** Where the verdict on a change stands. */
export function placeOfHead({ head: sha, repository, reference = '' }: Change): StatusPlace {
  const described = `the head of ${repository.path}${reference.startsWith('#') ? '' : ' '}${reference}`;
  return { repositoryId: repository.id, sha, name: statusName, buttons: true, described };
}

/** Where it stands how a merged commit gets to production. */
export function placeOfCommit({ repository, sha }: DeployedCommit): StatusPlace {
  const described = `the commit ${shortSha(sha)} of ${repository.path}`;
  return { repositoryId: repository.id, sha, name: productionName, buttons: false, described };
}
