import type { Refusal } from '../domain/environment.ts';
import type { Run } from '../domain/run.ts';
import type { BranchSubject } from '../domain/subject.ts';
import { UserError } from '../errors.ts';
import type { BranchTip, Host } from '../ports/host.ts';
import { statusLine } from '../report/status-line.ts';
import { oneLine } from '../report/text.ts';
import type { GateDeps } from './deps.ts';
import { loadOrBegin } from './subject-record.ts';

/** A tip that does not go to production. */
export interface Unreleased {
  readonly subject: BranchSubject;
  readonly host: Host;
  readonly tip: BranchTip;
  /** The name of the environment that it would have gone to. */
  readonly environment: string;
  /** What is in its way: the run that found something, or the configuration. */
  readonly because: Run | Refusal;
}

/** Characters of a line that every host shows whole (specs git-hosts 4.4). */
const shortLine = 140;

/** Shows beside the tip, as `modelgate/production`, why it is not released; what a release says of it is left alone. */
export async function tellNotReleased(of: Unreleased, deps: GateDeps, signal: AbortSignal): Promise<void> {
  const { subject, host, tip, environment, because } = of;
  const { repository, branch, sha } = tip;
  if ('reason' in because) deps.log.warn({ tip: sha, environment, ...because }, 'the tip is not released');
  if (await isReleasesBusiness(tip, deps)) return;
  const status = { state: 'failure', ...wordsOf(of, deps), environmentUrl: undefined } as const;
  const name = `production/${sha}`;
  const { memory } = await loadOrBegin(deps.store, subject);
  const before = memory[name] ?? {};
  const commit = { repository, branch, sha, environment };
  try {
    const after = await host.production.setStatus(commit, status, before, signal);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    await deps.store.updateSubject(subject, (record) => ({
      ...record,
      memory: { ...withoutProduction(record.memory), [name]: after },
    }));
  } catch (thrown) {
    if (!(thrown instanceof UserError) || !refusals.has(thrown.code)) throw thrown;
    deps.log.warn({ reason: thrown.message, remedy: thrown.remedy }, 'the host takes no status from us');
  }
}

/** What a host says for good about a status. */
const refusals: ReadonlySet<string> = new Set(['status-forbidden', 'head-gone']);

/** Whether the tip has been on its way already. */
async function isReleasesBusiness(
  { repository, sha }: BranchTip,
  { releases }: Pick<GateDeps, 'releases'>,
): Promise<boolean> {
  const lines = (await releases.lines()).filter(
    ({ line }) => line.host === repository.host && line.repositoryId === repository.id,
  );
  return lines.some(({ active, settled, released }) =>
    [active, settled, released].some((known) => known?.commit === sha),
  );
}

function wordsOf(
  { tip, because }: Unreleased,
  deps: Pick<GateDeps, 'runUrl' | 'repositoryUrl' | 'disclose'>,
): { readonly description: string; readonly url: string; readonly release: string } {
  if ('id' in because) {
    const description = `not released: ${statusLine(because, deps.disclose)}`;
    return { description, url: deps.runUrl(because.id), release: because.id };
  }
  const url = deps.repositoryUrl(tip.repository);
  // Words of the policy are names of the repository's.
  if (deps.disclose === 'counts')
    return { description: 'not released: the log of modelgate says why', url, release: tip.sha };
  const reason = `not released: ${oneLine(because.reason)}`;
  const whole = `${reason}. ${because.remedy}`;
  return { description: whole.length > shortLine ? reason : whole, url, release: tip.sha };
}

type Memory = Awaited<ReturnType<typeof loadOrBegin>>['memory'];

/** Without what is remembered of older tips. */
function withoutProduction(memory: Memory): Memory {
  return Object.fromEntries(Object.entries(memory).filter(([name]) => !name.startsWith('production/')));
}
