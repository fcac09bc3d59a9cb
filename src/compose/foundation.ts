import { createOutages, type Outages } from '../adapters/redis/outages.ts';
import { createClock } from '../adapters/system/clock.ts';
import { createFileSecrets } from '../adapters/system/file-secrets.ts';
import { createLog } from '../adapters/system/log.ts';
import { readText } from '../adapters/system/read-text.ts';
import { createSecretRegistry } from '../adapters/system/secret-registry.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { UserError } from '../errors.ts';
import type { SecretRegistry } from '../domain/secret.ts';
import type { Log } from '../log.ts';
import { createDispatchers, proxyFrom, type Dispatchers } from '../net/dispatchers.ts';
import type { Clock } from '../ports/clock.ts';
import type { Surroundings } from './surroundings.ts';

/** What every server process stands on. */
export interface Foundation {
  readonly config: Config;
  readonly secrets: SecretRegistry;
  readonly log: Log;
  readonly clock: Clock;
  readonly dispatchers: Dispatchers;
  /** Shared by all connections of the process, so that one outage is told once. */
  readonly redisOutages: Outages;
  readonly surroundings: Surroundings;
  /** Where lines of a run go beside the log, once there is such a place. */
  setRunSink(sink: (runId: string, line: string) => void): void;
  close(): Promise<void>;
}

/** Loads the configuration and makes the log that keeps its secrets. @throws UserError when it is wrong. */
export function createFoundation(surroundings: Surroundings, configPath: string | undefined): Foundation {
  const clock = createClock();
  const secrets = createSecretRegistry();
  let runSink: (runId: string, line: string) => void = () => undefined;
  const onRunLine = (runId: string, line: string): void => runSink(runId, line);
  let log = createLog({ level: 'warn', secrets, write: surroundings.writeLog });
  const config = loadConfig({
    path: configPath,
    env: surroundings.env,
    readFile: readText,
    fileSecret: createFileSecrets({
      registry: secrets,
      log: {
        warn: (fields, message) => log.warn(fields, message),
        info: (fields, message) => log.info(fields, message),
      },
      now: () => clock.now(),
    }),
    addSecret: (value) => void secrets.add(value),
  });
  if (config.hosts.length === 0) throw noHosts();
  log = createLog({ level: config.log.level, secrets, write: surroundings.writeLog, onRunLine });
  for (const note of config.notes) log.warn({ note }, 'about the configuration');
  const dispatchers = createDispatchers({ proxy: proxyFrom(surroundings.env) });
  return {
    config,
    secrets,
    log,
    clock,
    dispatchers,
    redisOutages: createOutages(log, () => clock.now().getTime()),
    surroundings,
    setRunSink: (sink) => void (runSink = sink),
    close: () => dispatchers.close(),
  };
}

function noHosts(): UserError {
  return new UserError(
    'no-hosts',
    'the configuration names no Git host, so that there is nothing to serve',
    'Write hosts: into modelgate.yaml and name the file with --config; the README shows the smallest one.',
  );
}
