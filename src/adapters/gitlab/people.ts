import type { People } from '../../ports/host.ts';
import { Member } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';

/** GitLab's access level of a Developer, the lowest that may push. */
const developer = 30;

/** Members of a project and of the groups above it (specs git-hosts 5). */
export function createGitlabPeople(client: GitlabClient): People {
  return {
    async mayPush(repositoryId, personId, signal) {
      const { members } = client.with(signal);
      try {
        const answer = await members.show(repositoryId, Number(personId), { includeInherited: true });
        const member = readAnswer(Member, answer, `member ${personId}`);
        return member.access_level >= developer && member.state === 'active';
      } catch (thrown) {
        if (isAnswer(thrown, 'host-not-found')) return false;
        throw thrown;
      }
    },
  };
}
