import { describe, expect, test } from 'vitest';
import { jobKey, type Job } from '../../src/domain/job.ts';
import type { AuditEntry } from '../../src/domain/operations.ts';
import type { Candidate, Release, ReleaseLine } from '../../src/domain/release.ts';
import { StaleRecordError, UserError } from '../../src/errors.ts';
import { createReleaseOperations } from '../../src/release/operate/operations.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createMemoryReleases } from '../support/memory-releases.ts';
import { sampleFailed, sampleLine, sampleRelease, sampleReleaseLine } from '../support/sample-release.ts';
import { sampleSha } from '../support/sample-run.ts';

const ada = { actor: 'ada at corp', reason: 'looked at it' };
const hold = { at: '2026-05-04T09:00:00.000Z', actor: 'modelgate', reason: 'why', remedy: 'do' };
const candidate = (digit: string, attempt = 1): Candidate => ({
  commit: sampleSha(digit),
  branch: 'main',
  attempt,
});

/** Releases in memory, and everything that is written, in its order. */
async function world(records: {
  readonly releases?: readonly Release[];
  readonly lines?: readonly ReleaseLine[];
}) {
  const store = createMemoryReleases();
  for (const release of records.releases ?? []) await store.saveRelease(release);
  for (const line of records.lines ?? []) await store.saveLine(line);
  const happened: string[] = [];
  const audit: AuditEntry[] = [];
  const poked: Job[] = [];
  const operations = createReleaseOperations({
    store: {
      ...store,
      saveLine: async (line) => {
        happened.push('line');
        return store.saveLine(line);
      },
      saveRelease: async (release) => {
        happened.push('release');
        return store.saveRelease(release);
      },
    },
    audit: {
      record: async (entry) => {
        happened.push('audit');
        audit.push(entry);
      },
    },
    queue: {
      poke: async (job) => {
        happened.push('poke');
        poked.push(job);
      },
    },
    clock: createHandClock('2026-05-04T12:00:00.000Z'),
  });
  return { store, operations, happened, audit, poked };
}

/** The code and words of the refusal. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof UserError)) throw new Error('it was not refused');
  return `${thrown.code}: ${thrown.message}. ${thrown.remedy}`;
}

describe('retrying', () => {
  test.each(['failed', 'rolled-back', 'superseded'] as const)(
    'a release that is %s — retried — waits as its next attempt, in the audit first, and its line is poked',
    async (outcome) => {
      const failed = sampleFailed({ outcome });
      const { operations, store, happened, audit, poked } = await world({
        releases: [failed, { ...failed, id: 'f2', attempt: 2 }],
        lines: [sampleReleaseLine()],
      });
      expect(await operations.retry(failed.id, ada)).toEqual(candidate('3', 3));
      expect((await store.loadLine(sampleLine))?.waiting).toEqual(candidate('3', 3));
      expect(happened).toEqual(['audit', 'line', 'poke']);
      expect(audit).toEqual([
        { at: '2026-05-04T12:00:00.000Z', ...ada, action: 'retry release', subject: failed.id },
      ]);
      expect(poked.map(jobKey)).toEqual(['release/corp/12/prod/~main']);
    },
  );

  test('a line that is lost — retried — begins anew', async () => {
    const { operations, store } = await world({ releases: [sampleFailed()] });
    await operations.retry('3333', ada);
    expect(await store.loadLine(sampleLine)).toMatchObject({
      rev: 1,
      branch: 'main',
      waiting: candidate('3', 2),
    });
  });

  const released = { commit: sampleSha('4'), releaseId: 'x', metrics: {} };
  test.each<[string, Partial<Release>, Partial<ReleaseLine>, RegExp]>([
    ['is under way', { outcome: undefined }, {}, /^nothing-to-retry: attempt 1 at 33333333 is under way/],
    ['is under way again', {}, { active: candidate('3', 2) }, /^nothing-to-retry: attempt 2 at/],
    ['waits again', {}, { waiting: candidate('3', 2) }, /^nothing-to-retry: attempt 2 at/],
    ['was released', { outcome: 'released' }, {}, /^nothing-to-retry: 33333333 is released already/],
    ['had nothing', { outcome: 'nothing-to-release' }, {}, /^nothing-to-retry: there was nothing/],
    [
      'has a newer one under way',
      {},
      { active: candidate('4') },
      /^newer-commit: the newer commit 44444444 is under way/,
    ],
    [
      'has a newer one waiting',
      {},
      { waiting: candidate('4') },
      /^newer-commit: the newer commit 44444444 waits/,
    ],
    [
      'has a newer one in service',
      {},
      { released: { ...released, at: '2026-05-04T11:00:00.000Z' } },
      /^newer-commit: 44444444 was released since.*revert the newer change/,
    ],
  ])(
    'a release that %s — retried — is refused with a reason, and nothing is done',
    async (_what, fields, line, words) => {
      const { operations, happened } = await world({
        releases: [sampleFailed(fields)],
        lines: [sampleReleaseLine(line)],
      });
      expect(await refusal(operations.retry('3333', ada))).toMatch(words);
      expect(happened).toEqual([]);
    },
  );

  test('a release after an older one in service — retried — goes', async () => {
    const { operations } = await world({
      releases: [sampleFailed()],
      lines: [sampleReleaseLine({ released: { ...released, at: '2026-05-04T09:00:00.000Z' } })],
    });
    expect(await operations.retry('3333', ada)).toMatchObject({ attempt: 2 });
  });
});

describe('holding', () => {
  test.each(['corp/12/prod', 'prod', 'ml/auto-mpg', ' prod '])(
    'a line named as %s — held — has a hold with actor and reason',
    async (named) => {
      const { operations, store, happened } = await world({ lines: [sampleReleaseLine()] });
      const held = await operations.hold(named, { actor: 'ada at corp', reason: 'the cluster is upgraded' });
      expect(held).toEqual({
        at: '2026-05-04T12:00:00.000Z',
        actor: 'ada at corp',
        reason: 'the cluster is upgraded',
        remedy: 'Look at it with ada at corp; modelgate release resume corp/12/prod ends it.',
      });
      expect((await store.loadLine(sampleLine))?.hold).toEqual(held);
      expect(happened).toEqual(['audit', 'line']);
    },
  );

  test('a line that is held — held again — stays somebody else’s', async () => {
    const { operations, happened } = await world({ lines: [sampleReleaseLine({ hold })] });
    expect(await operations.hold('prod', ada)).toEqual(hold);
    expect(happened).toEqual([]);
  });

  test('an unknown line, and one of two — held — is refused with the names there are', async () => {
    const other = { ...sampleLine, repositoryId: '13' };
    const lines = [sampleReleaseLine(), sampleReleaseLine({ line: other })];
    const { operations } = await world({ lines });
    expect(await refusal(operations.hold('live', ada))).toMatch(
      /^line-unknown.*corp\/12\/prod, corp\/13\/prod/,
    );
    expect(await refusal(operations.hold('prod', ada))).toMatch(/^line-ambiguous: "prod" fits 2 lines/);
    expect(await refusal((await world({})).operations.hold('live', ada))).toContain('there is none yet');
  });
});

describe('resuming', () => {
  const held = sampleRelease({ hold, phase: 'roll-out' });

  test('a held line — resumed — goes on, and modelgate counts its releases anew', async () => {
    const started = ['2026-05-04T09:00:00.000Z'];
    const { operations, store, happened, poked } = await world({
      lines: [sampleReleaseLine({ hold, started })],
    });
    expect(await operations.resume('prod', ada)).toEqual({ line: sampleLine, releaseId: undefined });
    expect(await store.loadLine(sampleLine)).toMatchObject({ hold: undefined, started: [] });
    expect(happened).toEqual(['audit', 'line', 'poke']);
    expect(poked).toHaveLength(1);
  });

  test('a line that a person held — resumed — counts on', async () => {
    const started = ['2026-05-04T09:00:00.000Z'];
    const line = sampleReleaseLine({ hold: { ...hold, actor: 'ada' }, started });
    const { operations, store } = await world({ lines: [line] });
    await operations.resume('prod', ada);
    expect((await store.loadLine(sampleLine))?.started).toEqual(started);
  });

  test.each(['prod', 'eeee', 'e'.repeat(24), '33333333'])(
    'a held release, named as %s — resumed — keeps that people looked at it',
    async (named) => {
      const { operations, store, happened, audit } = await world({
        releases: [held],
        lines: [sampleReleaseLine({ active: candidate('3') })],
      });
      expect(await operations.resume(named, ada)).toEqual({ line: sampleLine, releaseId: held.id });
      const saved = await store.loadRelease(held.id);
      expect(saved).toMatchObject({ hold: undefined, intents: { resumed: '2026-05-04T12:00:00.000Z' } });
      expect(saved?.timeline.at(-1)?.text).toBe('resumed by ada at corp: looked at it');
      expect(happened).toEqual(['audit', 'release', 'poke']);
      expect(audit[0]).toMatchObject({ action: 'resume release', subject: held.id });
    },
  );

  test('a held release — behind many that were overtaken meanwhile — is found by its line', async () => {
    const overtaken = Array.from({ length: 30 }, (_, index) =>
      sampleRelease({
        id: `o${index}`,
        began: new Date(Date.UTC(2026, 4, 4, 11, index)).toISOString(),
        commit: sampleSha('7'),
        outcome: 'superseded',
      }),
    );
    const { operations } = await world({
      releases: [held, ...overtaken],
      lines: [sampleReleaseLine({ active: candidate('3') })],
    });
    expect((await operations.held()).map(({ release }) => release?.id)).toEqual([held.id]);
    expect(await operations.resume('prod', ada)).toMatchObject({ releaseId: held.id });
    expect(await operations.held()).toEqual([]);
  });

  test.each<[string, Partial<Release>, Partial<ReleaseLine>, string, RegExp]>([
    ['a release that is not held', { hold: undefined }, {}, 'eeee', /^not-held: the release e+ is not held/],
    ['one whose line is', { hold: undefined }, { hold }, 'eeee', /resume corp\/12\/prod/],
    ['one that has ended', { outcome: 'failed' }, {}, 'eeee', /^not-held: .* has ended: failed.*retry/],
    ['a line that is not held', { hold: undefined }, {}, 'prod', /^not-held: the line corp\/12\/prod/],
    ['nothing there is', {}, {}, 'staging', /^line-unknown/],
    ['no release there is', {}, {}, 'abcd', /^release-unknown/],
  ])('%s — resumed — is refused with a reason', async (_what, fields, line, named, words) => {
    const { operations, happened } = await world({
      releases: [{ ...held, ...fields }],
      lines: [sampleReleaseLine(line)],
    });
    expect(await refusal(operations.resume(named, ada))).toMatch(words);
    expect(happened).toEqual([]);
  });
});

describe('finding', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 4, 4, 10, minute)).toISOString();
  const releases = [
    sampleFailed({ id: 'aaaa1111', began: at(0) }),
    sampleFailed({ id: 'aaaa2222', began: at(1), attempt: 2 }),
    sampleFailed({ id: 'bbbb1111', began: at(2), commit: sampleSha('4') }),
  ];

  test.each([
    ['aaaa1111', 'aaaa1111'],
    ['3333', 'aaaa2222'],
    ['aaaa', 'aaaa2222'],
    ['BBBB', 'bbbb1111'],
    ['44444444', 'bbbb1111'],
  ])('%s — looked for — is %s', async (named, id) => {
    const { operations } = await world({ releases });
    expect((await operations.find(named)).id).toBe(id);
  });

  test.each(['cccc', 'aaa', '', 'main', '../x', 'z'.repeat(9000)])(
    '%s — looked for — is unknown',
    async (named) => {
      const { operations } = await world({ releases });
      expect(await refusal(operations.find(named))).toMatch(/^release-unknown.*release list/s);
    },
  );

  test('a beginning that fits two commits — looked for — lists them', async () => {
    const twins = [sampleFailed({ id: 'abcd1' }), sampleFailed({ id: 'abcd2', commit: sampleSha('4') })];
    const { operations } = await world({ releases: twins });
    expect(await refusal(operations.find('abcd'))).toMatch(
      /fits 2 releases.*abcd2 {2}44444444.*abcd1 {2}33333333/s,
    );
  });
});

test('somebody else who writes in between — decided anew on theirs, and in the audit once', async () => {
  const { operations, store, audit } = await world({ lines: [sampleReleaseLine()] });
  const line = await store.loadLine(sampleLine);
  if (line === undefined) throw new Error('no line');
  const load = store.byLine.get.bind(store.byLine);
  let reads = 0;
  store.byLine.get = (key) => {
    const found = load(key);
    reads += 1;
    // The first decision is made on what is old by the time that it is saved.
    if (reads === 1 && found !== undefined)
      store.byLine.set(key, { ...found, rev: found.rev + 1, waiting: candidate('4') });
    return found;
  };
  await operations.hold('prod', ada);
  expect(await store.loadLine(sampleLine)).toMatchObject({
    hold: { actor: ada.actor },
    waiting: candidate('4'),
  });
  expect(audit).toHaveLength(1);
});

test('somebody who always writes in between — given up after ten tries', async () => {
  const { operations, store } = await world({ lines: [sampleReleaseLine()] });
  const load = store.byLine.get.bind(store.byLine);
  store.byLine.get = (key) => {
    const found = load(key);
    if (found !== undefined) store.byLine.set(key, { ...found, rev: found.rev + 1 });
    return found;
  };
  await expect(operations.hold('prod', ada)).rejects.toThrow(StaleRecordError);
});
