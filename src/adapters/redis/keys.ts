import { createHash } from 'node:crypto';
import { lineKey, type LineId } from '../../domain/release.ts';
import { subjectKey } from '../../domain/subject.ts';
import type { Subject } from '../../domain/subject.ts';
import type { KeyRow } from './key-row.ts';
import { releaseKeys } from './release-keys.ts';

export type { KeyRow } from './key-row.ts';

const day = 24 * 60 * 60 * 1000;

/** Every key that modelgate writes. */
export const keyTable = {
  subject: {
    pattern: '<prefix>:subject:<subject>',
    type: 'string',
    owner: 'redis/run-store.ts',
    version: 1,
    ttlMs: 90 * day,
  },
  heads: {
    pattern: '<prefix>:heads:<subject>',
    type: 'zset',
    owner: 'redis/deliveries.ts',
    version: undefined,
    ttlMs: 90 * day,
  },
  sharers: {
    pattern: '<prefix>:sharers:<head>',
    type: 'zset',
    owner: 'redis/run-store.ts',
    version: undefined,
    ttlMs: 90 * day,
  },
  run: {
    pattern: '<prefix>:run:<run>',
    type: 'string',
    owner: 'redis/run-store.ts',
    version: 1,
    ttlMs: 30 * day,
  },
  runs: {
    pattern: '<prefix>:runs',
    type: 'zset',
    owner: 'redis/run-store.ts',
    version: undefined,
    ttlMs: 30 * day,
  },
  subjectRuns: {
    pattern: '<prefix>:runs:<subject>',
    type: 'zset',
    owner: 'redis/run-store.ts',
    version: undefined,
    ttlMs: 30 * day,
  },
  summary: {
    pattern: '<prefix>:summary:<run>',
    type: 'string',
    owner: 'redis/run-store.ts',
    version: 1,
    ttlMs: 30 * day,
  },
  ...releaseKeys,
  delivery: {
    pattern: '<prefix>:delivery:<delivery>',
    type: 'string',
    owner: 'redis/deliveries.ts',
    version: undefined,
    ttlMs: 8 * day,
  },
  log: {
    pattern: '<prefix>:log:<run>',
    type: 'stream',
    owner: 'redis/run-log.ts',
    version: undefined,
    ttlMs: 30 * day,
  },
  session: {
    pattern: '<prefix>:session:<session>',
    type: 'string',
    owner: 'redis/sessions.ts',
    version: 1,
    ttlMs: 2 * 60 * 60 * 1000,
  },
  wakeUps: {
    pattern: '<prefix>:wake-ups',
    type: 'zset',
    owner: 'redis/wake-ups.ts',
    version: undefined,
    ttlMs: undefined,
  },
  wakeUpJobs: {
    pattern: '<prefix>:wake-ups:jobs',
    type: 'hash',
    owner: 'redis/wake-ups.ts',
    version: 1,
    ttlMs: undefined,
  },
  worker: {
    pattern: '<prefix>:worker:<worker>',
    type: 'string',
    owner: 'redis/heartbeat.ts',
    version: 1,
    ttlMs: 30_000,
  },
  workers: {
    pattern: '<prefix>:workers',
    type: 'zset',
    owner: 'redis/heartbeat.ts',
    version: undefined,
    ttlMs: 30_000,
  },
  pause: {
    pattern: '<prefix>:pause',
    type: 'string',
    owner: 'redis/pause.ts',
    version: 1,
    ttlMs: undefined,
  },
  failed: {
    pattern: '<prefix>:failed',
    type: 'zset',
    owner: 'redis/failures.ts',
    version: undefined,
    ttlMs: 30 * day,
  },
  failedJobs: {
    pattern: '<prefix>:failed:jobs',
    type: 'hash',
    owner: 'redis/failures.ts',
    version: 1,
    ttlMs: 30 * day,
  },
  audit: {
    pattern: '<prefix>:audit',
    type: 'stream',
    owner: 'redis/audit.ts',
    version: undefined,
    ttlMs: undefined,
  },
  queue: {
    pattern: '<prefix>:queue:<bullmq>',
    type: 'several',
    owner: 'bullmq/',
    version: 1,
    ttlMs: undefined,
  },
} as const satisfies Readonly<Record<string, KeyRow>>;

/** The only maker of key names. */
export interface Keys {
  subject(subject: Subject): string;
  heads(subject: Subject): string;
  sharers(of: Pick<Subject, 'host' | 'repositoryId'>, head: string): string;
  run(id: string): string;
  readonly runs: string;
  subjectRuns(subject: Subject): string;
  summary(runId: string): string;
  release(id: string): string;
  readonly releases: string;
  lineReleases(line: LineId): string;
  line(line: LineId): string;
  readonly lines: string;
  delivery(id: string): string;
  log(runId: string): string;
  session(hash: string): string;
  readonly wakeUps: string;
  readonly wakeUpJobs: string;
  worker(id: string): string;
  readonly workers: string;
  readonly pause: string;
  readonly failed: string;
  readonly failedJobs: string;
  readonly audit: string;
  /** What BullMQ puts before its own names: `<this>:gate:wait`. */
  readonly queuePrefix: string;
}

/** Key names under a prefix, `modelgate` unless several installations share one Redis. */
export function createKeys(prefix: string): Keys {
  return {
    subject: (subject) => `${prefix}:subject:${subjectKey(subject)}`,
    heads: (subject) => `${prefix}:heads:${subjectKey(subject)}`,
    sharers: ({ host, repositoryId }, head) => `${prefix}:sharers:${host}/${repositoryId}/${head}`,
    run: (id) => `${prefix}:run:${id}`,
    runs: `${prefix}:runs`,
    subjectRuns: (subject) => `${prefix}:runs:${subjectKey(subject)}`,
    summary: (runId) => `${prefix}:summary:${runId}`,
    release: (id) => `${prefix}:release:${id}`,
    releases: `${prefix}:releases`,
    lineReleases: (line) => `${prefix}:releases:${lineKey(line)}`,
    line: (line) => `${prefix}:line:${lineKey(line)}`,
    lines: `${prefix}:lines`,
    delivery: (id) => `${prefix}:delivery:${short(id)}`,
    log: (runId) => `${prefix}:log:${runId}`,
    session: (hash) => `${prefix}:session:${hash}`,
    wakeUps: `${prefix}:wake-ups`,
    wakeUpJobs: `${prefix}:wake-ups:jobs`,
    worker: (id) => `${prefix}:worker:${id}`,
    workers: `${prefix}:workers`,
    pause: `${prefix}:pause`,
    failed: `${prefix}:failed`,
    failedJobs: `${prefix}:failed:jobs`,
    audit: `${prefix}:audit`,
    queuePrefix: `${prefix}:queue`,
  };
}

/** The row that a key belongs to, or undefined: then it is nobody's, and a bug. */
export function rowOfKey(prefix: string, key: string): KeyRow | undefined {
  return Object.values<KeyRow>(keyTable).find(({ pattern }) => {
    const form = pattern.split(/<[a-z]+>/).map(escape);
    const named = [...pattern.matchAll(/<([a-z]+)>/g)].map((match) => match[1]);
    const source = form.map((text, index) => text + variable(prefix, named[index])).join('');
    return new RegExp(`^${source}$`).test(key);
  });
}

function variable(prefix: string, name: string | undefined): string {
  if (name === undefined) return '';
  if (name === 'prefix') return escape(prefix);
  return name === 'bullmq' ? '.+' : '[^:]+';
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Ids of foreign systems as they are while they are short and plain, else their hash. */
function short(id: string): string {
  return /^[\w./-]{1,128}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
