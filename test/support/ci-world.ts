import type { CommitStatus, Hook, MergeRequest, Project } from '../../src/sandbox/gitlab/state.ts';
import type { GitlabSandbox } from '../../src/sandbox/gitlab/sandbox.ts';
import { statusesOf, type GitlabStoryHost } from './hosts/gitlab-story-host.ts';
import { eventually } from './redis.ts';
import { createStoryWorld, type StoryChange, type StoryOptions, type StoryWorld } from './story-world.ts';

/** A world of GitLab, for stories of its pipelines: in its own words. */
export interface CiWorld extends StoryWorld<GitlabStoryHost> {
  readonly gitlab: GitlabSandbox;
  readonly project: Project;
  readonly hook: Hook;
  /** A change, as GitLab has it. */
  proposeMerge(branch: string, files: Readonly<Record<string, string>>): Promise<MergeRequest>;
  /** The newest status of ours on the head, once it satisfies. */
  commitStatus(of: MergeRequest, satisfies: (status: CommitStatus) => boolean): Promise<CommitStatus>;
  /** Our comments. */
  ourNotes(of: MergeRequest): readonly string[];
}

export async function createCiWorld(options: StoryOptions = {}): Promise<CiWorld> {
  const world = await createStoryWorld({ ...options, host: 'gitlab' });
  const { sandbox: gitlab } = world.host;
  const project = world.host.project(world.repository);
  const [hook] = project.hooks;
  if (hook === undefined) throw new Error('no hook');
  return {
    ...world,
    gitlab,
    project,
    hook,
    async proposeMerge(branch, files) {
      const change: StoryChange = await world.propose(branch, files);
      return world.host.mergeRequest(change);
    },
    async commitStatus(of, satisfies) {
      let found: CommitStatus | undefined;
      await eventually('the status', () => {
        found = statusesOf(gitlab, of).at(-1);
        return found !== undefined && satisfies(found);
      });
      if (found === undefined) throw new Error('no status');
      return found;
    },
    ourNotes: (of) =>
      gitlab
        .notes(of)
        .filter((note) => note.author.bot)
        .map(({ body }) => body),
  };
}
