import { createSerial, type Serial } from '../serial.ts';
import { createRecent, type Recent } from '../recent.ts';
import { createBackground, type Background } from '../background.ts';
import { defaultKnobs, type GitlabConfig, type GitlabKnobs } from './config.ts';
import type { Delivery, Project, QuickAction, Token, User } from './state.ts';

/** The whole instance: every part of the sandbox works on this. */
export interface World {
  readonly root: string;
  readonly version: string;
  readonly knobs: GitlabKnobs;
  readonly users: User[];
  readonly tokens: Token[];
  readonly projects: Project[];
  readonly deliveries: Recent<Delivery>;
  readonly quickActions: QuickAction[];
  readonly background: Background;
  readonly serial: Serial;
  /** Commits whose statuses are being written: `project:sha`. */
  readonly statusLocks: Set<string>;
  /** Hooks already called in a chain of events, by the chain's UUID (specs git-hosts 1.8). */
  readonly chains: Map<string, Set<number>>;
  /** Base URL, without a slash at the end; set when the server listens. */
  url: string;
  now(): Date;
  nextId(): number;
}

/** Somebody does something, maybe because of an event (the chain). */
export interface Act {
  readonly user: User;
  readonly chain?: string | undefined;
}

/** An empty instance. */
export function createWorld(config: GitlabConfig): World {
  let lastId = 100;
  return {
    root: config.root,
    version: config.version ?? '19.5.0-ee',
    knobs: { ...defaultKnobs, ...config.knobs },
    users: [],
    tokens: [],
    projects: [],
    deliveries: createRecent(5_000),
    quickActions: [],
    background: createBackground(),
    serial: createSerial(),
    statusLocks: new Set(),
    chains: new Map(),
    url: '',
    now: () => config.clock?.now() ?? new Date(),
    nextId: () => (lastId += 1),
  };
}

/** Whether the instance is at least of this version. */
export function isAtLeast(world: World, wanted: string): boolean {
  const [major = 0, minor = 0] = world.version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
