import type { Release, ReleaseLine } from '../../src/domain/release.ts';
import type { PageWorld } from './page-world.ts';
import {
  sampleFailed,
  sampleLine,
  samplePlan,
  samplePublished,
  sampleModel,
  sampleRelease,
  sampleReleased,
  sampleReleaseLine,
  sampleTraining,
} from '../support/sample-release.ts';
import { sampleSha } from '../support/sample-run.ts';

const other = { host: 'corp', repositoryId: '31', environment: 'prod' };
const churn = { host: 'corp', id: '31', path: 'ml/churn/features' };

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

/** Moves a sample of the fourth of May to a while ago, its times with it. */
export function shifted(release: Release, minutes: number): Release {
  const by = Date.parse(minutesAgo(minutes)) - Date.parse(release.began);
  const text = JSON.stringify(release).replace(/2026-05-04T[\d:.]+Z/g, (at) =>
    new Date(Date.parse(at) + by).toISOString(),
  );
  const moved: Release = JSON.parse(text);
  return moved;
}

/** Releases in every state, on two lines: one with a release under way and one waiting, one on hold. */
export async function showReleases({ releases: { store } }: Pick<PageWorld, 'releases'>): Promise<void> {
  const of = { line: other, repository: churn };
  const samples: readonly Release[] = [
    shifted(sampleReleased({ id: 'done', commit: sampleSha('1') }), 3000),
    shifted(sampleFailed({ id: 'failed', commit: sampleSha('2') }), 200),
    shifted(
      sampleReleased({
        id: 'put-back',
        commit: sampleSha('4'),
        phase: 'restore',
        outcome: 'rolled-back',
        reason: 'the new model failed to load: No module named sklearn. The old model is back',
      }),
      90,
    ),
    shifted(
      sampleRelease({
        id: 'training',
        commit: sampleSha('3'),
        trigger: 'data',
        plan: samplePlan,
        phase: 'train',
        training: sampleTraining(),
      }),
      4,
    ),
    shifted(
      sampleRelease({
        ...of,
        id: 'held',
        commit: sampleSha('5'),
        phase: 'roll-out',
        plan: samplePlan,
        model: sampleModel,
        published: samplePublished,
        hold: {
          at: '2026-05-04T10:09:00.000Z',
          actor: 'modelgate',
          reason: 'Argo CD application auto-mpg owns the InferenceService',
          remedy: 'Exclude `spec.predictor.model.storageUri` from its sync.',
        },
      }),
      30,
    ),
    shifted(
      sampleRelease({
        ...of,
        id: 'overtaken',
        commit: sampleSha('6'),
        outcome: 'superseded',
        reason: 'superseded by 55555555',
      }),
      40,
    ),
  ];
  for (const release of samples) await store.saveRelease(release);
  const lines: readonly ReleaseLine[] = [
    sampleReleaseLine({
      line: sampleLine,
      released: {
        commit: sampleSha('1'),
        releaseId: 'done',
        at: minutesAgo(2990),
        metrics: { rmse: 3.5, r2: 0.86 },
      },
      active: { commit: sampleSha('3'), branch: 'main', attempt: 1 },
      waiting: { commit: sampleSha('7'), branch: 'main', attempt: 1 },
    }),
    sampleReleaseLine({
      ...of,
      active: { commit: sampleSha('5'), branch: 'main', attempt: 1 },
      hold: {
        at: minutesAgo(20),
        actor: 'ada at corp',
        reason: 'the cluster is upgraded',
        remedy: 'Look at it with ada at corp; modelgate release resume corp/31/prod ends it.',
      },
    }),
  ];
  for (const line of lines) await store.saveLine(line);
}
