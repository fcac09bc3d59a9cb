import { AbortError, UserError } from '../errors.ts';
import type { Comments, Host, ProductionReporter, Reporter } from '../ports/host.ts';
import type { PauseSwitch } from '../ports/operations.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** What stands between use cases and a host. */
export interface GuardDeps {
  readonly pauseSwitch: Pick<PauseSwitch, 'current'>;
  readonly telemetry: Telemetry;
}

/**
 * The host with every write asking first whether effects are paused. While they are, it throws AbortError `paused`:
 * the job ends there, is nobody's failure, and is done from its beginning when the pause is over.
 */
export function guardHost(host: Host, deps: GuardDeps): Host {
  const { reporter, comments, production } = host;
  // Every method of the ports stands here, so that one that joins them cannot be forgotten.
  const guardedReporter: Required<Reporter> = {
    setStatus: (...all) => write(host.id, 'status', () => reporter.setStatus(...all), deps),
  };
  const comment = <Answer>(effect: () => Promise<Answer>): Promise<Answer> =>
    write(host.id, 'comment', effect, deps);
  const guardedComments: Required<Comments> = {
    read: (...all) => comments.read(...all),
    list: (...all) => comments.list(...all),
    create: (...all) => comment(() => comments.create(...all)),
    edit: (...all) => comment(() => comments.edit(...all)),
    remove: (...all) => comment(() => comments.remove(...all)),
  };
  const guardedProduction: Required<ProductionReporter> = {
    setStatus: (...all) => write(host.id, 'status', () => production.setStatus(...all), deps),
    shownState: (...all) => production.shownState(...all),
    setDeployment: (...all) => write(host.id, 'deployment', () => production.setDeployment(...all), deps),
    lastDeployed: (...all) => production.lastDeployed(...all),
    unfinished: (...all) => production.unfinished(...all),
  };
  return { ...host, reporter: guardedReporter, comments: guardedComments, production: guardedProduction };
}

async function write<Answer>(
  host: string,
  what: 'status' | 'comment' | 'deployment',
  effect: () => Promise<Answer>,
  { pauseSwitch, telemetry }: GuardDeps,
): Promise<Answer> {
  const count = (result: string): void =>
    telemetry.count('modelgate_report_writes_total', { host, what, result });
  if ((await pauseSwitch.current()) !== undefined) {
    count('paused');
    throw new AbortError('paused');
  }
  try {
    const answer = await effect();
    count('written');
    return answer;
  } catch (thrown) {
    count(thrown instanceof UserError ? 'refused' : 'failed');
    throw thrown;
  }
}
