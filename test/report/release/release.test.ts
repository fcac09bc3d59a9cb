import { describe, expect, test } from 'vitest';
import { entering, type Release } from '../../../src/domain/release.ts';
import { longestComment } from '../../../src/domain/comment-length.ts';
import { adviceOf } from '../../../src/report/release/advice.ts';
import { releaseComment, renderReleaseComment } from '../../../src/report/release/comment.ts';
import { releaseLine, releaseState, supersededLine, waitingLine } from '../../../src/report/release/line.ts';
import { metricRows } from '../../../src/report/release/metrics.ts';
import { phasesOf } from '../../../src/report/release/phases.ts';
import {
  samplePlan,
  sampleRelease,
  sampleReleased,
  sampleReleaseLine,
} from '../../support/sample-release.ts';
import { sampleSha } from '../../support/sample-run.ts';
import { releases } from './releases.ts';

const of = (name: string): Release => {
  const release = releases[name];
  if (release === undefined) throw new Error(`there is no release ${name}`);
  return release;
};
const hold = { at: '2026-05-04T10:00:00.000Z', actor: 'ada', reason: 'The cluster is upgraded.', remedy: '' };

describe('a release in one line', () => {
  test.each([
    ['planning', 'running', 'planning: looking at what changed since 11111111'],
    ['planning-the-first', 'running', 'planning'],
    ['uploading', 'running', 'uploading the pipeline'],
    ['training-begins', 'running', 'training: the run is being started'],
    ['training', 'running', 'training: 3 of 5 tasks done'],
    ['stopping', 'running', 'training: the run is being stopped'],
    [
      'collecting',
      'running',
      'reading what the run handed over: waits for the manifest, until 2026-05-04 10:12:00 UTC',
    ],
    ['publishing', 'running', 'publishing 1.20 GB'],
    ['rolling-out', 'running', 'rolling out on auto-mpg'],
    ['asking', 'running', 'asking auto-mpg for predictions'],
    ['restoring', 'running', 'putting back what auto-mpg served before: the model failed to load'],
    [
      'held',
      'running',
      'held: Argo CD application auto-mpg owns the InferenceService auto-mpg: it would undo the rollout',
    ],
    ['released', 'success', 'released: auto-mpg serves 33333333'],
    ['published', 'success', 'released: published at s3://models/serving/ml/auto-mpg/9f86d081884c7d65/'],
    ['trained', 'success', 'released: the run succeeded'],
    ['nothing', 'success', 'nothing to release: the policy releases the branch "main"'],
    ['not-uploaded', 'failure', 'failed: Kubeflow refuses the pipeline'],
    ['failed', 'failure', 'failed: the task "train" of the run failed'],
    ['worse', 'failure', 'failed: the metric rmse is 4.6, and may be 4 at most'],
    ['put-back', 'failure', 'put back: the new model failed to load: No module named sklearn'],
    ['superseded', 'cancelled', 'superseded by 44444444'],
  ] as const)('%s — %s — %s', (name, state, line) => {
    expect(releaseState(of(name))).toBe(state);
    expect(releaseLine(of(name))).toBe(line);
  });

  test('a line on hold — its release under way — is held, one that has ended is not', () => {
    expect(releaseLine(of('training'), 'names', { hold })).toBe('held: The cluster is upgraded');
    expect(releaseLine(of('released'), 'names', { hold })).toBe('released: auto-mpg serves 33333333');
  });

  test.each(Object.keys(releases))('%s — counts alone — has no name in it', (name) => {
    const line = releaseLine(of(name), 'counts');
    expect(line).not.toBe('');
    expect(line).not.toMatch(/auto-mpg|s3:|Argo|rmse|"train"|script|sklearn|manifest/);
  });

  test.each([
    [sampleReleaseLine(), undefined],
    [{ waiting: { commit: sampleSha('4') } }, 'waits: it begins as soon as a worker is free'],
    [
      { waiting: { commit: sampleSha('4') }, active: { commit: sampleSha('1') } },
      'waits: the release of 11111111 is under way',
    ],
    [{ waiting: { commit: sampleSha('4') }, hold }, 'held: The cluster is upgraded'],
  ] as const)('the commit that waits — %#', (fields, expected) => {
    const waiting =
      'waiting' in fields && fields.waiting ? { ...fields.waiting, branch: 'main', attempt: 1 } : undefined;
    const active =
      'active' in fields && fields.active ? { ...fields.active, branch: 'main', attempt: 1 } : undefined;
    const line = {
      ...sampleReleaseLine(),
      ...('hold' in fields ? { hold: fields.hold } : {}),
      waiting,
      active,
    };
    expect(waitingLine(line)).toBe(expected);
  });

  test('a commit that was overtaken — told — names the newer one', () => {
    expect(supersededLine(sampleSha('4'))).toBe('superseded by 44444444');
  });
});

describe('phases', () => {
  const shown = (release: Release) =>
    phasesOf(release).map(({ name, state, since, until }) =>
      [name, state, since?.slice(14, 19) ?? '', until?.slice(14, 19) ?? ''].join(' ').trim(),
    );

  test('a release with a known plan — under way — has done, present and coming ones', () => {
    expect(shown({ ...of('training'), phaseSince: '2026-05-04T10:01:00.000Z' })).toEqual([
      'plan done 00:00',
      'upload done  01:00',
      'train now 01:00',
      'collect to-come',
      'publish to-come',
      'roll-out to-come',
      'smoke to-come',
    ]);
  });

  test('a policy without model and serving — planned — trains alone', () => {
    const { model: _model, serving: _serving, ...production } = samplePlan.production;
    const release = sampleRelease({ phase: 'upload', plan: { ...samplePlan, production } });
    expect(phasesOf(release).map(({ name }) => name)).toEqual(['plan', 'upload', 'train']);
  });

  test('phases that were entered — one after the other — have their times', () => {
    let release = sampleRelease({ plan: samplePlan });
    for (const [minute, phase] of (['upload', 'train', 'roll-out', 'restore'] as const).entries()) {
      const at = new Date(Date.UTC(2026, 4, 4, 10, minute + 1)).toISOString();
      release = { ...release, ...entering(release, phase, at) };
    }
    const timeline = [{ at: '2026-05-04T10:30:00.000Z', text: 'put back' }];
    expect(shown({ ...release, outcome: 'rolled-back', timeline })).toEqual([
      'plan done 00:00 01:00',
      'upload done 01:00 02:00',
      'train done 02:00',
      'collect done',
      'publish done  03:00',
      'roll-out failed 03:00 04:00',
      'restore done 04:00 30:00',
    ]);
  });

  test('a phase that is entered again — keeps its first time', () => {
    const first = entering(sampleRelease(), 'train', 'one');
    expect(entering(first, 'train', 'two')).toEqual({
      phase: 'train',
      phaseSince: 'two',
      entered: { train: 'one' },
    });
  });

  test.each([
    ['failed', 'train failed'],
    ['superseded', 'train done'],
    ['nothing', 'plan done'],
    ['released', 'smoke done'],
  ])('%s — its last phase — is %s', (name, expected) => {
    const last = phasesOf(of(name)).at(-1);
    expect(`${last?.name} ${last?.state}`).toBe(expected);
  });
});

describe('metrics', () => {
  test('beside their limits — those with limits first — tell what is kept', () => {
    expect(metricRows(sampleReleased(), { rmse: 3.4 })).toEqual([
      { metric: 'r2', value: '0.87', limits: 'at least 0.8', kept: true },
      { metric: 'rmse', value: '3.42', limits: 'at most 4, at most 2 % worse than 3.4', kept: true },
      { metric: 'mae', value: '2.6', limits: '', kept: undefined },
    ]);
  });

  test.each([
    [{ rmse: 4.6, r2: 0.9 }, {}, { r2: true, rmse: false }],
    [{ rmse: 3.9, r2: 0.9 }, { rmse: 3 }, { r2: true, rmse: false }],
    [{ r2: 0.7 }, {}, { r2: false, rmse: false }],
  ])('%o after %o — are kept: %o', (metrics, before, expected) => {
    const { model } = sampleReleased();
    if (model === undefined) throw new Error('no model');
    const rows = metricRows(sampleReleased({ model: { ...model, metrics } }), before);
    expect(Object.fromEntries(rows.map(({ metric, kept }) => [metric, kept]))).toEqual(expected);
  });

  test('no model — no rows', () => {
    expect(metricRows(sampleRelease())).toEqual([]);
  });
});

describe('comments on the merged change', () => {
  const url = 'https://gate.example.com/releases/eeee';
  const runUrl = 'https://kubeflow.example.com/pipeline/#/runs/details/5f1d';

  test.each(Object.keys(releases))('%s — as a comment — reads as the golden file', async (name) => {
    const body = renderReleaseComment({
      release: of(name),
      url,
      runUrl,
      disclose: 'names',
      before: { rmse: 3.4 },
    });
    await expect(body).toMatchFileSnapshot(`golden/${name}.md`);
    expect(body.length).toBeLessThan(longestComment);
    expect(body.endsWith('</sub>\n')).toBe(true);
  });

  test.each(Object.keys(releases))('%s — counts alone — has no name in it', (name) => {
    const body = renderReleaseComment({ release: of(name), url, runUrl, disclose: 'counts' });
    expect(body).not.toMatch(/auto-mpg|s3:|Argo|rmse|script|sklearn|horsepower|main|kubeflow/);
    expect(body).toContain(`[details](${url})`);
  });

  test('a hostile record — as a comment — begins no line with a quick action, and leaves no block open', () => {
    const body = renderReleaseComment({
      release: of('hostile'),
      url,
      disclose: 'names',
      runUrl: 'javascript:x',
    });
    expect(body.split('\n').filter((line) => /^\s*\//.test(line))).toEqual([]);
    expect(body.match(/^```/gm)).toHaveLength(2);
    expect(body.match(/^<\/details>$/gm)).toHaveLength(1 + 1);
    const outsideCode = body.replace(/^```[\s\S]*?^```/gm, '').replace(/``.*?``/g, '');
    expect(outsideCode).not.toMatch(/<script|javascript:x|@everyone/);
    expect(body).not.toContain('\u202e');
  });

  test('comments — where there is none — are made of what people want to know alone', () => {
    const made = Object.keys(releases).filter(
      (name) => releaseComment({ release: of(name), url, disclose: 'names' }).create,
    );
    expect(made).toEqual([
      'held',
      'released',
      'published',
      'trained',
      'not-uploaded',
      'failed',
      'worse',
      'put-back',
      'hostile',
    ]);
  });

  test('a release that waits for people — says what to do, and the command', () => {
    expect(adviceOf(of('held'))).toEqual([
      'Exclude `spec.predictor.model.storageUri` from its sync.',
      `Then \`modelgate release resume ${'e'.repeat(24)}\` lets it go on.`,
    ]);
    expect(adviceOf(of('training'), { hold })).toEqual([
      'Then `modelgate release resume corp/12/prod` lets it go on.',
    ]);
    expect(adviceOf(of('released'), { hold })).toEqual([]);
  });
});
