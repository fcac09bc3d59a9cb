import { createHash } from 'node:crypto';
import type { ServiceKnobs } from '../../../src/sandbox/kubernetes/kserve/knobs.ts';
import type { RunScript } from '../../../src/sandbox/kubeflow/runs/script.ts';

/** What becomes of a commit that is released. */
export const fates = [
  'good',
  'worse than the limit',
  'a task fails',
  'the run never ends',
  'no manifest',
  'does not load',
  'never becomes ready',
  'answers wrongly',
] as const;

export type Fate = (typeof fates)[number];

/** The outcome that a fate has in the end. */
export function outcomeOf(fate: Fate): 'released' | 'failed' | 'rolled-back' {
  if (fate === 'good') return 'released';
  const late: readonly Fate[] = ['does not load', 'never becomes ready', 'answers wrongly'];
  return late.includes(fate) ? 'rolled-back' : 'failed';
}

/** A model is a JSON text in these stories; what it predicts stands in it. */
export interface StoryModel {
  readonly commit: string;
  readonly predicts: number;
  readonly loads: boolean;
}

/** The bytes of a commit's model. */
export function modelOf(commit: string, fate: Fate): string {
  const model: StoryModel = {
    commit,
    predicts: fate === 'answers wrongly' ? 99 : 17.5,
    loads: fate !== 'does not load',
  };
  return JSON.stringify(model);
}

/** What a run of the commit writes at its end: address and content. */
export function writtenBy(
  fate: Fate,
  {
    run,
    commit,
    manifest,
    size = 0,
  }: {
    readonly run: string;
    readonly commit: string;
    readonly manifest: string;
    /** Bytes that the model has at least. */
    readonly size?: number;
  },
): readonly (readonly [address: string, content: string])[] {
  if (fate === 'no manifest') return [];
  const uri = `s3://runs/auto-mpg/${run}/output`;
  const content = modelOf(commit, fate).padEnd(size);
  const text = JSON.stringify({
    version: 1,
    run,
    commit,
    format: 'sklearn',
    files: [{ path: 'model.pkl', uri, size: content.length, sha256: sha256(content) }],
    metrics: { rmse: fate === 'worse than the limit' ? 9 : 3 },
  });
  return [
    [uri, content],
    [manifest, text],
  ];
}

/** How the run of a commit goes. */
export function scriptOf(fate: Fate, atEnd: RunScript['atEnd']): RunScript {
  const end = atEnd === undefined ? {} : { atEnd };
  return {
    tasks: [
      { name: 'prepare', seconds: 20 },
      {
        name: 'train',
        seconds: 40,
        outcome: fate === 'a task fails' ? 'FAILED' : 'SUCCEEDED',
        log: 'ValueError: no rows\n',
      },
    ],
    ...(fate === 'the run never ends' && { never: true }),
    ...(fate !== 'a task fails' && fate !== 'the run never ends' && end),
  };
}

/** How the rollout of a commit's model goes. */
export function knobsOf(fate: Fate): Partial<ServiceKnobs> {
  return fate === 'never becomes ready' ? { never: true } : {};
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
