import type { Redis } from 'ioredis';
import { toSha } from '../../domain/repository.ts';
import type { Sha } from '../../domain/repository.ts';
import { newSubjectRecord } from '../../domain/run.ts';
import { summaryOf } from '../../domain/run-summary.ts';
import type { Run, SubjectRecord } from '../../domain/run.ts';
import { idsOf, subjectOf, type Subject, type SubjectIds } from '../../domain/subject.ts';
import { StaleRecordError } from '../../errors.ts';
import { askRedis } from '../../net/redis-trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';
import { readRecord, saveRecord } from './records.ts';
import type { RecordIndex, Versioned } from './records.ts';

const keepRuns = 1000;
const keepRunsOfSubject = 100;
/** Open changes with one head are two or three; a robot may open hundreds. */
const keepSharers = 50;
const updateTries = 10;
const stepAsideMs = 10;

/** Runs and subjects in Redis. @throws RetryableError when Redis is away or refuses; what `records.ts` throws. */
export function createRunStore(
  redis: Redis,
  keys: Keys,
  clock: Clock,
  random: () => number = Math.random,
): RunStore {
  async function loadSubject(subject: Subject): Promise<SubjectRecord | undefined> {
    const key = keys.subject(subject);
    const text = await askRedis(() => redis.get(key));
    return text === null
      ? undefined
      : readRecord(key, text, { version: keyTable.subject.version, is: isSubject });
  }

  function indicesOf(
    { id, subject }: Pick<Run, 'id' | 'subject'>,
    place: RecordIndex['place'],
  ): readonly RecordIndex[] {
    const of = { member: id, score: clock.now().getTime(), place };
    return [
      { ...of, key: keys.runs, keep: keepRuns, ttlMs: keyTable.runs.ttlMs },
      {
        ...of,
        key: keys.subjectRuns(subject),
        keep: keepRunsOfSubject,
        ttlMs: keyTable.subjectRuns.ttlMs,
      },
    ];
  }

  async function updateSubject(
    subject: Subject,
    change: (record: SubjectRecord) => SubjectRecord,
  ): Promise<SubjectRecord> {
    for (let attempt = 1; ; attempt += 1) {
      const record = (await loadSubject(subject)) ?? newSubjectRecord(subject);
      try {
        const next = change(record);
        const place = { key: keys.subject(subject), ttlMs: keyTable.subject.ttlMs };
        // A run that was the newest before may be it again, when an older head is back.
        const isNews = next.runId !== undefined && next.runId !== record.runId;
        const indices = isNews ? indicesOf({ id: next.runId, subject }, 'newest') : [];
        return await saveRecord(redis, next, { ...place, indices });
      } catch (thrown) {
        if (!(thrown instanceof StaleRecordError) || attempt === updateTries) throw thrown;
        // Writers that met once would meet again in step.
        await clock.sleep(random() * stepAsideMs * attempt, new AbortController().signal);
      }
    }
  }

  return {
    loadSubject,

    updateSubject,

    loadRun: (id) => loadRun(redis, keys, id),

    saveRun(run) {
      const summary = summaryOf({ ...run, rev: run.rev + 1 });
      return saveRecord(redis, run, {
        key: keys.run(run.id),
        ttlMs: keyTable.run.ttlMs,
        copy: { key: keys.summary(run.id), text: JSON.stringify(summary) },
        indices: indicesOf(run, 'first'),
      });
    },

    async heads(subject) {
      const members = await askRedis(() => redis.zrange(keys.heads(subject), 0, '-1'));
      return members.map(toSha).filter((sha): sha is Sha => sha !== undefined);
    },

    async noteHead(subject, head) {
      const key = keys.sharers(subject, head);
      const member = JSON.stringify(idsOf(subject));
      await askRedis(() => redis.zadd(key, clock.now().getTime(), member));
      await askRedis(() => redis.zremrangebyrank(key, 0, -1 - keepSharers));
      await askRedis(() => redis.pexpire(key, keyTable.sharers.ttlMs));
    },

    async subjectsOfHead(of, head) {
      const members = await askRedis(() => redis.zrange(keys.sharers(of, head), 0, '-1'));
      return members.map((member) => {
        const ids: SubjectIds = JSON.parse(member);
        return subjectOf(ids);
      });
    },
  };
}

/** The run of that id, whole. */
export async function loadRun(redis: Redis, keys: Keys, id: string): Promise<Run | undefined> {
  const key = keys.run(id);
  const text = await askRedis(() => redis.get(key));
  return text === null ? undefined : readRecord(key, text, { version: keyTable.run.version, is: isRun });
}

/** Only what pages and jobs cannot do without: the rest of a record of a known version is our own writing. */
function isRun(record: Versioned): record is Run {
  return 'id' in record && 'subject' in record && 'change' in record && 'timeline' in record;
}

function isSubject(record: Versioned): record is SubjectRecord {
  return 'subject' in record && 'generation' in record && 'memory' in record;
}
