import {
  Branches,
  Commits,
  Deployments,
  Environments,
  MergeRequestNotes,
  MergeRequests,
  Pipelines,
  ProjectMembers,
  Projects,
  Users,
} from '@gitbeaker/rest';
import { createRequesterFn } from '@gitbeaker/requester-utils';
import type { z } from 'zod';
import { RetryableError } from '../../errors.ts';
import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import type { Timeouts } from '../../net/request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObserveHostRequest } from '../../ports/telemetry.ts';
import { CurrentUser } from './answers.ts';
import { sendOnce } from './send-once.ts';
import type { Line } from './send-once.ts';

/** Where a GitLab is and who we are there. */
export interface GitlabClientConfig {
  /** The host's id in the server's configuration. */
  readonly id: string;
  /** With its relative path, where it has one: `https://example.com/gitlab`. */
  readonly url: string;
  /** Asked before each request, so that a rotated token is picked up. */
  readonly token: () => string | Promise<string>;
  readonly tls?: TlsSettings | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** What a client needs of the world. */
export interface GitlabClientDeps {
  readonly clock: Clock;
  readonly dispatchers: Dispatchers;
  /** In [0, 1); spreads repetitions that would meet again. */
  readonly random?: (() => number) | undefined;
  /** Told of every request; undefined: nobody wants to know. */
  readonly observe?: ObserveHostRequest | undefined;
}

/** The resources that we use, their requests bound to one signal. */
export interface GitlabResources {
  readonly branches: Branches;
  readonly commits: Commits;
  readonly deployments: Deployments;
  readonly environments: Environments;
  readonly mergeRequests: MergeRequests;
  readonly notes: MergeRequestNotes;
  readonly members: ProjectMembers;
  readonly pipelines: Pipelines;
  readonly projects: Projects;
  readonly users: Users;
}

/** One GitLab, as one user. Every request is one attempt. */
export interface GitlabClient {
  readonly id: string;
  /** gitbeaker takes no signal per call: the resources are made for the call, which costs microseconds. */
  with(signal: AbortSignal): GitlabResources;
  /** The user id of the token; asked once per token. */
  me(signal: AbortSignal): Promise<number>;
}

const defaultTimeouts: Timeouts = { headersMs: 30_000, bodyMs: 15_000, totalMs: 60_000 };

/** @gitbeaker/rest with a requester of one attempt, our errors, and abort. */
export function createGitlabClient(config: GitlabClientConfig, deps: GitlabClientDeps): GitlabClient {
  const line: Line = {
    host: `GitLab ${config.id}`,
    dispatchers: deps.dispatchers,
    tls: config.tls ?? {},
    timeouts: config.timeouts ?? defaultTimeouts,
    clock: deps.clock,
    random: deps.random ?? Math.random,
    observe: deps.observe ?? (() => undefined),
    id: config.id,
  };
  const token = async () => config.token();
  const resources = (signal: AbortSignal) => makeResources(config.url, token, line, signal);
  let known: { readonly token: string; readonly id: number } | undefined;
  return {
    id: config.id,
    with: resources,
    async me(signal) {
      const current = await token();
      if (known?.token === current) return known.id;
      const user = readAnswer(
        CurrentUser,
        await resources(signal).users.showCurrentUser(),
        'the current user',
      );
      known = { token: current, id: user.id };
      return user.id;
    },
  };
}

function makeResources(
  url: string,
  token: () => Promise<string>,
  line: Line,
  signal: AbortSignal,
): GitlabResources {
  const options = {
    host: url.replace(/\/+$/, ''),
    token,
    queryTimeout: null,
    // gitbeaker's limiters live in one object and one process; the host's own 429 is what counts.
    rateLimits: {},
    requesterFn: createRequesterFn(
      async (_, request) => request,
      (endpoint, request) => sendOnce(line, endpoint, request ?? {}, signal),
    ),
  };
  return {
    branches: new Branches(options),
    commits: new Commits(options),
    deployments: new Deployments(options),
    environments: new Environments(options),
    mergeRequests: new MergeRequests(options),
    notes: new MergeRequestNotes(options),
    members: new ProjectMembers(options),
    pipelines: new Pipelines(options),
    projects: new Projects(options),
    users: new Users(options),
  };
}

/** An answer as the schema has it. @throws RetryableError for anything else: a proxy's page, a version gone wrong. */
export function readAnswer<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RetryableError(
    `GitLab describes ${what} in an unknown way: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
