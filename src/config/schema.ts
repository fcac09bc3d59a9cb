import { z } from 'zod';
import { createFields, type Fields } from './fields.ts';
import {
  choice,
  duration,
  httpUrl,
  identifier,
  listenHost,
  minutes,
  path,
  redisUrl,
  size,
  wholeNumber,
} from './kinds.ts';
import { limitsSchema } from './limits-schema.ts';
import type { Readers } from './readers.ts';
import { differentIds, host } from './schema-hosts.ts';
import { pages } from './schema-pages.ts';
import { environment } from './schema-environment.ts';
import { remote } from './schema-reach.ts';

/** The server's configuration, `modelgate.yaml`. Documentation and error messages come from it. */
export function createConfigSchema(readers: Readers) {
  const f = createFields(readers);
  return z.strictObject({
    listen: listen(f).prefault({}).describe('Where webhooks and pages are served.'),
    redis: redis(f).prefault({}).describe('The one stateful dependency.'),
    hosts: z
      .array(host(f))
      .superRefine(differentIds)
      .default([])
      .describe('Git hosts that send webhooks and get the verdicts.'),
    remotes: z
      .array(remote(f))
      .default([])
      .describe(
        'Data remotes that may be read, and for which repositories. A remote that is not here is never asked.',
      ),
    environments: z
      .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), environment(f))
      .default({})
      .describe(
        'Production targets, by name. A policy names one; what it may reach stands here; docs/releasing.md tells how.',
      ),
    pages: pages(f)
      .prefault({})
      .describe(
        'Who may read the pages. Without any of these nobody but a browser on this machine, and only while `listen.host` is a loopback address. docs/sign-in.md tells how.',
      ),
    report: z
      .strictObject({
        disclose: f.withDefault(choice('names', 'counts'), 'names', {
          about:
            "What the status's line and the comment say on the host. `names`: files, objects, branches and causes too. `counts`, for public repositories: only how many findings and, in the comment, the rule of the first and the kind of a cause. The details page, for those who may read it, always says all, and so does `modelgate check`, which does not read this file.",
        }),
      })
      .prefault({})
      .describe('What of a repository is told on the host, in statuses and comments.'),
    recheck: recheck(f)
      .prefault({})
      .describe('Pushing data sends no webhook: when a change that lacks only data is looked at again.'),
    gate: gate(f).prefault({}).describe('The worker that judges changes.'),
    limits: limitsSchema(f)
      .prefault({})
      .describe('Bounds on hostile input. Beyond one of them a check is undecided and names the setting.'),
    log: z
      .strictObject({
        level: f.withDefault(choice('debug', 'info', 'warn', 'error', 'silent'), 'info', {
          about: 'Lines below it are not written.',
        }),
      })
      .prefault({})
      .describe('Lines of JSON on standard output.'),
  });
}

function listen(f: Fields) {
  return z.strictObject({
    host: f.withDefault(listenHost, '127.0.0.1', { about: 'Address to listen on; `0.0.0.0` for all.' }),
    port: f.withDefault(wholeNumber(0, 65_535), 8080, { about: 'Port to listen on; 0 takes a free one.' }),
    publicUrl: f.optional(httpUrl, {
      about:
        'How people and Git hosts reach this server; links start with it. Default: `http://` with host and port.',
      example: 'https://modelgate.example.com',
    }),
  });
}

function redis(f: Fields) {
  return z.strictObject({
    url: f.optional(redisUrl, {
      about: 'Address of Redis. `REDIS_URL` is honoured as well. A password is given as a variable.',
      example: 'redis://:${REDIS_PASSWORD}@redis:6379/0',
    }),
    prefix: f.withDefault(identifier(40), 'modelgate', { about: 'First part of every key.' }),
  });
}

function recheck(f: Fields) {
  return z.strictObject({
    after: z
      .array(f.required(duration, { about: 'A wait.', example: '30s' }), {
        error: 'expected a list of durations, for example [30s, 1m, 5m]',
      })
      .prefault(['30s', '1m', '2m', '5m', '10m', '15m'])
      .describe('Waits before the first looks, in order.'),
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the file; it is a number, so nothing awaits it
    then: f.withDefault(duration, '1h', { about: 'The wait between all later looks.' }),
    until: f.withDefault(duration, '1d', { about: 'How long after the verdict the looks go on.' }),
  });
}

function gate(f: Fields) {
  return z.strictObject({
    concurrency: f.withDefault(wholeNumber(1, 64), 4, { about: 'Changes that one worker judges at a time.' }),
    cacheDirectory: f.optional(path, {
      about:
        "Where mirrors of repositories are kept; a worker has its own. Default: `modelgate` in the system's directory for temporary files.",
      example: '/var/cache/modelgate',
    }),
    cacheBytes: f.withDefault(size, '10GiB', {
      about: 'Mirrors above this size are evicted, the least used first.',
    }),
    stuckAfter: f.withDefault(minutes, '10m', {
      about:
        'A job that waits longer although workers live is told as stuck: in the log, on `/readyz` and on `/operations`.',
    }),
  });
}
