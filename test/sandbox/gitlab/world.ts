import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitlabConfig, GitlabKnobs } from '../../../src/sandbox/gitlab/config.ts';
import { createGitlabSandbox, type GitlabSandbox } from '../../../src/sandbox/gitlab/sandbox.ts';
import type { Account } from '../../../src/sandbox/gitlab/setup.ts';
import type { Project } from '../../../src/sandbox/gitlab/state.ts';

/** An answer of the API, read. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, loosely typed for tests; text where it is none. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any
}

/** A GitLab with one project `ml/auto-mpg`, its first commit, an `owner`, a developer `dev`, a bot, and a stranger. */
export interface TestWorld {
  readonly gitlab: GitlabSandbox;
  readonly project: Project;
  readonly first: string;
  readonly users: Readonly<Record<'owner' | 'dev' | 'reporter' | 'bot' | 'stranger', Account>>;
  /** Calls the API below `/api/v4`, by default as the bot. */
  api(method: string, path: string, body?: unknown, token?: string): Promise<Got>;
  close(): Promise<void>;
}

/** Starts it; quick locks unless told otherwise. */
export async function startTestWorld(config: Partial<GitlabConfig> = {}): Promise<TestWorld> {
  const root = await mkdtemp(join(tmpdir(), 'gitlab-sandbox-'));
  const knobs: Partial<GitlabKnobs> = {
    statusLock: { tries: 2, delayMs: 5 },
    pipelineDelayMs: 5,
    pipelineRunMs: 5,
    ...config.knobs,
  };
  const gitlab = await createGitlabSandbox({ root, ...config, knobs });
  const users = {
    owner: gitlab.addUser({ username: 'owner' }),
    dev: gitlab.addUser({ username: 'dev' }),
    reporter: gitlab.addUser({ username: 'reporter' }),
    bot: gitlab.addUser({ username: 'bot', bot: true }),
    stranger: gitlab.addUser({ username: 'stranger' }),
  };
  const members = { dev: 30, reporter: 20, bot: 30 } as const;
  const project = await gitlab.createProject({ path: 'ml/auto-mpg', owner: 'owner', members });
  const first = await gitlab.commit(project, 'main', { 'README.md': '# Auto MPG\n' }, 'First');
  return { gitlab, project, first, users, api, close };

  async function api(method: string, path: string, body?: unknown, token = users.bot.token): Promise<Got> {
    const headers = {
      'private-token': token,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const payload = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(`${gitlab.url}/api/v4${path}`, { method, headers, body: payload });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  async function close(): Promise<void> {
    await gitlab.close();
    await rm(root, { recursive: true, force: true });
  }
}
