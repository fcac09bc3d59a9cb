import { releaseJob } from '../../domain/job.ts';
import { lineKey, newLine, type LineId, type Release, type ReleaseLine } from '../../domain/release.ts';
import { heldIn, type HeldLine } from '../../domain/release-figures.ts';
import { StaleRecordError, UserError } from '../../errors.ts';
import type { Audit } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Deed } from '../../ports/operations.ts';
import type { Queue } from '../../ports/queue.ts';
import type { ReleaseOperations } from '../../ports/release-operations.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';
import { activeRelease, findLine, findRelease, unknownLine } from './find.ts';
import { holdOf, resumedLine, resumedRelease } from './hold.ts';
import { retryOf } from './retry.ts';

export interface ReleaseOperationsDeps {
  readonly store: ReleaseStore;
  readonly queue: Pick<Queue, 'poke'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Attempts of one commit that are looked for. */
const attemptsLooked = 200;
/** A worker saves what we change as well, as often as every few seconds. */
const mostTries = 10;

/** What people do about releases. Nothing of it reaches the outside world: the worker of the line does, when it is poked. */
export function createReleaseOperations(deps: ReleaseOperationsDeps): ReleaseOperations {
  const { store, queue, clock } = deps;
  const now = (): string => clock.now().toISOString();
  const wake = ({ line, branch }: Pick<ReleaseLine, 'line' | 'branch'>): Promise<void> =>
    queue.poke(releaseJob(line, branch));

  /** Decides on the newest record, and again where somebody else wrote it meanwhile; the deed is recorded once. */
  async function decide<Result>(
    deed: { readonly action: string; readonly subject: string } & Deed,
    attempt: (record: () => Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    const { action, subject, actor, reason = '' } = deed;
    let recorded = false;
    async function record(): Promise<void> {
      if (recorded) return;
      await deps.audit.record({ at: now(), actor, action, subject, reason });
      recorded = true;
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(record);
      } catch (thrown) {
        if (!(thrown instanceof StaleRecordError) || tries === mostTries) throw thrown;
      }
    }
  }

  async function resumeRelease(id: string, deed: Deed): Promise<Release> {
    const release = await decide({ ...deed, action: 'resume release', subject: id }, async (record) => {
      const found = await store.loadRelease(id);
      if (found?.hold === undefined || found.outcome !== undefined) throw await notHeld(id, found);
      await record();
      return store.saveRelease(resumedRelease(found, deed, now()));
    });
    await wake(release);
    return release;
  }

  /** Says what is held instead. */
  async function notHeld(id: string, release: Release | undefined): Promise<UserError> {
    const line = release === undefined ? undefined : await store.loadLine(release.line);
    const over = release?.outcome !== undefined;
    return new UserError(
      'not-held',
      over ? `the release ${id} has ended: ${release.outcome}` : `the release ${id} is not held`,
      over
        ? `modelgate release retry ${id} makes another attempt.`
        : line?.hold === undefined
          ? 'It goes on by itself; modelgate release show tells what it waits for.'
          : `Its line is: modelgate release resume ${lineKey(line.line)}.`,
    );
  }

  async function heldOf(line: ReleaseLine): Promise<readonly HeldLine[]> {
    const active = await activeRelease(line, store);
    return heldIn(line, active === undefined ? [] : [active]);
  }

  async function resumeLine(line: LineId, deed: Deed): Promise<void> {
    const subject = lineKey(line);
    const saved = await decide({ ...deed, action: 'resume line', subject }, async (record) => {
      const found = await store.loadLine(line);
      if (found?.hold === undefined) return found;
      await record();
      return store.saveLine(resumedLine(found));
    });
    if (saved !== undefined) await wake(saved);
  }

  return {
    list: (limit) => store.list({ limit }),
    lines: () => store.lines(),
    held: async () => (await Promise.all((await store.lines()).map(heldOf))).flat(),
    find: (named) => findRelease(named, store),

    async retry(named, deed) {
      const release = await findRelease(named, store);
      const { line: id, commit, repository, branch } = release;
      const listed = await store.list({ line: id, limit: attemptsLooked });
      const attempts = listed.filter((other) => other.commit === commit).map(({ attempt }) => attempt);
      return decide({ ...deed, action: 'retry release', subject: release.id }, async (record) => {
        const line = await store.loadLine(id);
        const waiting = retryOf(release, line, attempts);
        await record();
        const saved = await store.saveLine({ ...(line ?? newLine(id, { repository, branch })), waiting });
        await wake(saved);
        return waiting;
      });
    },

    async hold(named, deed) {
      const lines = await store.lines();
      const found = findLine(named, lines);
      if (found === undefined) throw unknownLine(named, lines);
      const subject = lineKey(found.line);
      return decide({ ...deed, action: 'hold line', subject }, async (record) => {
        const line = (await store.loadLine(found.line)) ?? found;
        if (line.hold !== undefined) return line.hold;
        await record();
        const hold = holdOf(line, deed, now());
        await store.saveLine({ ...line, hold });
        return hold;
      });
    },

    async resume(named, deed) {
      const lines = await store.lines();
      const line = findLine(named, lines);
      if (line === undefined) {
        const release = await findRelease(named, store).catch((thrown: unknown) => {
          const isNoId = thrown instanceof UserError && !/^[0-9a-f]{4,64}$/i.test(named.trim());
          throw isNoId ? unknownLine(named, lines) : thrown;
        });
        const resumed = await resumeRelease(release.id, deed);
        return { line: resumed.line, releaseId: resumed.id };
      }
      if (line.hold !== undefined) {
        await resumeLine(line.line, deed);
        return { line: line.line, releaseId: undefined };
      }
      const [held] = await heldOf(line);
      if (held?.release === undefined)
        throw new UserError(
          'not-held',
          `the line ${lineKey(line.line)} is not held, and no release of it is`,
          'What waits begins by itself; modelgate release list tells what is under way.',
        );
      const resumed = await resumeRelease(held.release.id, deed);
      return { line: resumed.line, releaseId: resumed.id };
    },
  };
}
