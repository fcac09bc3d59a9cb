import type { People } from '../../ports/host.ts';
import { FoundUsers, Member, Visibility } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';

/** GitLab's access level of a Developer, the lowest that may push. */
const developer = 30;
/** The access level of a Reporter, the lowest that may read the code of every project (specs git-hosts 5). */
const reporter = 20;

/** Members of a project and of the groups above it (specs git-hosts 5). */
export function createGitlabPeople(client: GitlabClient): People {
  async function hasLevel(
    level: number,
    repositoryId: string,
    personId: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { members } = client.with(signal);
    const answer = await orNothing(members.show(repositoryId, Number(personId), { includeInherited: true }));
    if (answer === undefined) return false;
    const member = readAnswer(Member, answer, `member ${personId}`);
    return member.access_level >= level && member.state === 'active';
  }

  return {
    mayPush: (repositoryId, personId, signal) => hasLevel(developer, repositoryId, personId, signal),
    async mayRead(repositoryId, personId, signal) {
      // Of an internal project we cannot tell whether it is hidden from this person (external users): members alone.
      const project = await orNothing(client.with(signal).projects.show(repositoryId));
      if (project === undefined) return false;
      const seen = readAnswer(Visibility, project, `project ${repositoryId}`);
      if (seen.visibility === 'public' && (seen.repository_access_level ?? 'enabled') === 'enabled')
        return true;
      return hasLevel(reporter, repositoryId, personId, signal);
    },
    async idOf(login, signal) {
      const answer = await client.with(signal).users.all({ username: login });
      const [user, another] = readAnswer(FoundUsers, answer, `the user ${login}`);
      if (user === undefined || another !== undefined || user.state !== 'active') return undefined;
      return user.username.toLowerCase() === login.toLowerCase() ? String(user.id) : undefined;
    },
  };
}

async function orNothing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found')) return undefined;
    throw thrown;
  }
}
