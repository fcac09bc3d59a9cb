import { orUndefined } from '../../net/host-answer.ts';
import type { People } from '../../ports/host.ts';
import { PermissionAnswer } from './answers.ts';
import { readAnswer } from './client.ts';
import type { InRepository } from './in-repository.ts';

/** What the `permission` of somebody who may push is; a role of one's own says here what it is like. */
const pushing = new Set(['admin', 'maintain', 'write']);
/** What it is of somebody who may read the code. */
const reading = new Set([...pushing, 'triage', 'read']);

/** Permissions of people, who are known by their login (specs git-hosts 5). */
export function createGithubPeople(repositories: InRepository): People {
  async function permissionOf(
    repositoryId: string,
    username: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const route = 'GET /collaborators/{username}/permission';
    const asked = repositories.send(
      { repositoryId, route, parameters: { username }, purpose: 'read' },
      signal,
    );
    const answer = await orUndefined(asked);
    return answer && readAnswer(PermissionAnswer, answer.data, `the permission of ${username}`).permission;
  }

  return {
    async mayPush(repositoryId, personId, signal) {
      return pushing.has((await permissionOf(repositoryId, personId, signal)) ?? 'none');
    },
    async mayRead(repositoryId, personId, signal) {
      return reading.has((await permissionOf(repositoryId, personId, signal)) ?? 'none');
    },
    /** People are known by their login; that there is somebody of that name is asked with each permission. */
    idOf: (login) => Promise.resolve(/^[a-z0-9-]{1,39}(?:_[a-z0-9]+)?$/i.test(login) ? login : undefined),
  };
}
