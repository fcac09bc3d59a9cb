import { describeHost } from '../../contracts/host.ts';
import { createGitlabWorld } from './gitlab-world.ts';

describeHost('GitLab', () => createGitlabWorld());
describeHost('GitLab that takes a repeated status', () =>
  createGitlabWorld({ knobs: { idempotentStatuses: true } }),
);
