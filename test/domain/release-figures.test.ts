import { describe, expect, test } from 'vitest';
import { heldIn, releaseFigures, secondsSinceRelease } from '../../src/domain/release-figures.ts';
import type { Release } from '../../src/domain/release.ts';
import { sampleRelease, sampleReleaseLine } from '../support/sample-release.ts';
import { sampleSha } from '../support/sample-run.ts';

const hold = { at: '2026-05-04T10:00:00.000Z', actor: 'ada', reason: 'why', remedy: 'do' };
const before = sampleRelease({ phase: 'train', phaseSince: '2026-05-04T10:01:00.000Z' });
const ended = [{ at: '2026-05-04T10:31:00.000Z', text: 'failed' }];

describe('figures of a release', () => {
  test.each<[string, Partial<Release>, object]>([
    ['nothing new', {}, { phase: undefined, outcome: undefined }],
    [
      'the next phase',
      { phase: 'collect', phaseSince: '2026-05-04T10:11:00.000Z' },
      { phase: { name: 'train', seconds: 600 }, outcome: undefined },
    ],
    [
      'its end',
      { outcome: 'failed', timeline: ended },
      { phase: { name: 'train', seconds: 1800 }, outcome: 'failed' },
    ],
    [
      'a clock that went back',
      { phase: 'collect', phaseSince: '2026-05-04T09:00:00.000Z' },
      { phase: { name: 'train', seconds: 0 }, outcome: undefined },
    ],
    ['a time that is none', { phase: 'collect', phaseSince: 'x' }, { phase: undefined, outcome: undefined }],
  ])('%s — counted — %#', (_what, after, expected) => {
    expect(releaseFigures(before, { ...before, ...after })).toEqual(expected);
  });

  test('an end — written again — is counted once', () => {
    const over: Release = { ...before, outcome: 'failed', timeline: ended };
    expect(releaseFigures(over, { ...over, memory: { told: {} } })).toEqual({
      phase: undefined,
      outcome: undefined,
    });
  });
});

test('what is held — of a line and its releases — is the line, and what is under way', () => {
  const releases = [sampleRelease({ id: 'a', hold }), sampleRelease({ id: 'b', hold, outcome: 'failed' })];
  const held = heldIn(sampleReleaseLine({ hold }), [...releases, sampleRelease()]);
  expect(held.map(({ release }) => release?.id)).toEqual([undefined, 'a']);
  expect(heldIn(sampleReleaseLine(), [])).toEqual([]);
});

test('the time since the last release — of a line — is told where there was one', () => {
  const now = new Date('2026-05-04T12:00:00.000Z');
  const released = { commit: sampleSha('1'), releaseId: 'a', at: '2026-05-04T11:00:00.000Z', metrics: {} };
  expect(secondsSinceRelease(sampleReleaseLine({ released }), now)).toBe(3600);
  expect(secondsSinceRelease(sampleReleaseLine(), now)).toBeUndefined();
});
