import type { Hold } from '../../domain/hold.ts';
import type { Release, ReleaseLine } from '../../domain/release.ts';
import { phaseTable } from '../../domain/release-phases.ts';
import { shortSha, type Sha } from '../../domain/repository.ts';
import type { TrainingFacts } from '../../domain/training.ts';
import { humanBytes } from '../sizes.ts';
import { oneLine, plural } from '../text.ts';

/** `counts`: nothing of the repository's names leaves the release's page. */
export type Disclose = 'names' | 'counts';

/** The states of a status and of a deployment. */
export type ShownState = 'running' | 'success' | 'failure' | 'cancelled';

/** What the host shows beside the commit. A commit with nothing to release is as it should be. */
export function releaseState({ outcome }: Pick<Release, 'outcome'>): ShownState {
  switch (outcome) {
    case undefined:
      return 'running';
    case 'released':
    case 'nothing-to-release':
      return 'success';
    case 'failed':
    case 'rolled-back':
      return 'failure';
    case 'superseded':
      return 'cancelled';
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}

/** A release in one line of plain text, the most important words first: hosts cut it. `line`: that of the release. */
export function releaseLine(
  release: Release,
  disclose: Disclose = 'names',
  line?: Pick<ReleaseLine, 'hold'>,
): string {
  if (release.outcome !== undefined) return oneLine(endedLine(release, disclose));
  const hold = release.hold ?? line?.hold;
  if (hold !== undefined) return oneLine(heldLine(hold, disclose));
  const words = phaseWords(release, disclose);
  const why = disclose === 'names' ? (release.trouble ?? release.reason) : undefined;
  return oneLine(why === undefined ? words : `${words}: ${unended(why)}`);
}

/** What becomes of the commit that waits in a line; undefined: none does. */
export function waitingLine(
  { active, waiting, hold }: Pick<ReleaseLine, 'active' | 'waiting' | 'hold'>,
  disclose: Disclose = 'names',
): string | undefined {
  if (waiting === undefined) return undefined;
  if (hold !== undefined) return oneLine(heldLine(hold, disclose));
  return active === undefined
    ? 'waits: it begins as soon as a worker is free'
    : `waits: the release of ${shortSha(active.commit)} is under way`;
}

/** What a commit is told that a newer one overtook. */
export function supersededLine(by: Sha): string {
  return `superseded by ${shortSha(by)}`;
}

function heldLine({ reason }: Hold, disclose: Disclose): string {
  return disclose === 'names' ? `held: ${unended(reason)}` : 'held: the details page says why';
}

function endedLine(release: Release, disclose: Disclose): string {
  const reason = disclose === 'names' ? unended(release.reason ?? '') : '';
  const because = (words: string): string => (reason === '' ? words : `${words}: ${reason}`);
  switch (release.outcome) {
    case 'released':
      return releasedLine(release, disclose);
    case 'nothing-to-release':
      return because('nothing to release');
    case 'failed':
      return reason === '' ? 'failed: the details page says why' : `failed: ${reason}`;
    case 'rolled-back':
      return because('put back');
    case 'superseded':
      if (/^superseded\b/i.test(reason)) return `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
      return because('superseded');
    case undefined:
      return '';
    default:
      throw new Error(`unknown outcome ${String(release.outcome satisfies never)}`);
  }
}

function releasedLine({ commit, rollout, published }: Release, disclose: Disclose): string {
  if (rollout !== undefined) {
    const service = disclose === 'names' ? rollout.service : 'production';
    return `released: ${service} serves ${shortSha(commit)}`;
  }
  if (published === undefined) return 'released: the run succeeded';
  return disclose === 'names' ? `released: published at ${published.uri}` : 'released: published';
}

/** What the phase is at. */
function phaseWords(release: Release, disclose: Disclose): string {
  const { phase, since, training, plan, rollout } = release;
  const named = plan?.production.serving?.service ?? rollout?.service;
  const service = disclose === 'names' && named !== undefined ? named : 'the service';
  if (phase === 'train') return trainingWords(training);
  const { doing } = phaseTable[phase];
  if (phase === 'plan' && since !== undefined)
    return `${doing}: looking at what changed since ${shortSha(since)}`;
  return phase === 'publish' ? `${doing} ${modelSize(release)}` : doing.replace('$service', () => service);
}

function trainingWords(training: TrainingFacts | undefined): string {
  if (training?.state === undefined) return 'training: the run is being started';
  if (training.state === 'canceling') return 'training: the run is being stopped';
  if (training.tasks.length === 0) return 'training: the run has not begun its tasks';
  return `training: ${doneTasks(training)} of ${plural(training.tasks.length, 'task')} done`;
}

/** Whether there is, or was, a run: what it is called is known before. */
export function isTrained(training: TrainingFacts | undefined): training is TrainingFacts {
  return training !== undefined && (training.serverRunId !== undefined || training.state !== undefined);
}

/** Tasks that came to a good end. */
export function doneTasks({ tasks }: Pick<TrainingFacts, 'tasks'>): number {
  return tasks.filter(({ state }) => state === 'succeeded' || state === 'skipped').length;
}

/** `1.20 GB`, or `3 files` where a size is not known. */
export function modelSize({ model, published }: Pick<Release, 'model' | 'published'>): string {
  const files = published?.files ?? model?.files ?? [];
  const sizes = files.map(({ size }) => size);
  const known = sizes.filter((size) => size !== undefined);
  if (files.length === 0) return 'the model';
  return known.length < sizes.length
    ? plural(files.length, 'file')
    : humanBytes(known.reduce((total, size) => total + size, 0));
}

/** A sentence as a part of a line. */
function unended(sentence: string): string {
  return sentence.trim().replace(/\.$/, '');
}
