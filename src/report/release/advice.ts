import { phaseTable } from '../../domain/release-phases.ts';
import type { Hold } from '../../domain/hold.ts';
import { lineKey, type Release, type ReleaseLine } from '../../domain/release.ts';

/** What to do about a release, a sentence each; commands stand in backticks. Nothing where nobody has to do anything. */
export function adviceOf(release: Release, line?: Pick<ReleaseLine, 'hold'>): readonly string[] {
  const { outcome, hold, id } = release;
  if (outcome === 'failed') return [failureAdvice(release), retryAdvice(id)];
  if (outcome === 'rolled-back')
    return [
      'The reason says what serves now. Repair what kept the new model out and push: the new commit is released by itself.',
      retryAdvice(id),
    ];
  if (outcome !== undefined) return [];
  if (hold !== undefined)
    return [...remedyOf(hold), `Then \`modelgate release resume ${id}\` lets it go on.`];
  if (line?.hold !== undefined)
    return [
      ...remedyOf(line.hold),
      `Then \`modelgate release resume ${lineKey(release.line)}\` lets it go on.`,
    ];
  return [];
}

function remedyOf({ remedy }: Hold): readonly string[] {
  return remedy === '' ? [] : [remedy];
}

function failureAdvice({ phase, training }: Release): string {
  const logs = training?.tasks.some(({ logTail }) => logTail.length > 0) === true;
  const { failed, taken } = phaseTable[phase];
  if (taken === 'on-failure') return failed;
  const why = logs ? 'The logs of the failed tasks say why.' : 'The run in Kubeflow tells more.';
  const what = phase === 'train' ? why : failed;
  return `${what} Repair it and push: the new commit is released by itself.`;
}

function retryAdvice(id: string): string {
  return `Where the platform was the reason: \`modelgate release retry ${id}\` makes another attempt.`;
}
