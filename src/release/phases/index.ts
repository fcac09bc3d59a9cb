import type { PhaseName } from '../../domain/release-phases.ts';
import type { Phase } from '../phase.ts';
import { collect } from './collect/index.ts';
import { plan } from './plan/index.ts';
import { publish } from './publish/index.ts';
import { restore } from './restore/index.ts';
import { rollOut } from './roll-out/index.ts';
import { smoke } from './smoke/index.ts';
import { train } from './train/index.ts';
import { upload } from './upload/index.ts';

/** A phase whose own types are its own business. */
export type AnyPhase = Pick<Phase<never, never>, 'name'> & {
  with<Result>(
    use: <Seen, Effect extends { readonly name: string }>(phase: Phase<Seen, Effect>) => Result,
  ): Result;
};

function any<Seen, Effect extends { readonly name: string }>(phase: Phase<Seen, Effect>): AnyPhase {
  return { name: phase.name, with: (use) => use(phase) };
}

/** Every phase. */
export const phases: Readonly<Record<PhaseName, AnyPhase>> = {
  plan: any(plan),
  upload: any(upload),
  train: any(train),
  collect: any(collect),
  publish: any(publish),
  'roll-out': any(rollOut),
  smoke: any(smoke),
  restore: any(restore),
};
