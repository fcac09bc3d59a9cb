import { createBackground, type Background } from '../background.ts';
import { createRecent, type Recent } from '../recent.ts';
import { createSerial, type Serial } from '../serial.ts';
import { defaultKnobs, type GithubConfig, type GithubKnobs } from './config.ts';
import type { App, Delivery, Repository, Token, User } from './state.ts';

/** The whole instance: every part of the sandbox works on this. */
export interface World {
  readonly root: string;
  readonly enterprise: string | undefined;
  readonly knobs: GithubKnobs;
  /** People, bots and organisations. */
  readonly users: User[];
  readonly apps: App[];
  readonly tokens: Token[];
  readonly repositories: Repository[];
  readonly deliveries: Recent<Delivery>;
  readonly background: Background;
  readonly serial: Serial;
  /** Repositories whose `refs/pull/N/head` wait to be moved, with the moves. */
  readonly heldPullRefs: Map<number, (() => Promise<void>)[]>;
  /** Of the pages, without a slash at the end; set when the server listens. */
  url: string;
  /** Of the API, without a slash at the end. */
  apiUrl: string;
  now(): Date;
  nextId(): number;
}

/** Somebody does something, maybe through an App. */
export interface Act {
  readonly user: User;
  readonly app?: App | undefined;
}

/** An empty instance. */
export function createWorld(config: GithubConfig): World {
  let lastId = 1000;
  const own = config.enterprise === undefined ? {} : { webhookTimeoutMs: 30_000, requestsPerHour: undefined };
  return {
    root: config.root,
    enterprise: config.enterprise,
    knobs: { ...defaultKnobs, ...own, ...config.knobs },
    users: [],
    apps: [],
    tokens: [],
    repositories: [],
    deliveries: createRecent(5_000),
    background: createBackground(),
    serial: createSerial(),
    heldPullRefs: new Map(),
    url: '',
    apiUrl: '',
    now: () => config.clock?.now() ?? new Date(),
    nextId: () => (lastId += 1),
  };
}

/** The opaque id of the GraphQL world that every object carries. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}

/** `acme/auto-mpg`. */
export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}
