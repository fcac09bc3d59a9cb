import type { Output } from '../../../formats/dvc/entry.ts';
import { defaultSettings } from '../../../formats/dvc/entry.ts';
import type { DvcFile } from '../../../formats/dvc/read-dvc-file.ts';
import type { LockFile } from '../../../formats/dvc/read-lock-file.ts';
import { howKept, stageOf, type PipelineFile } from '../../../formats/dvc/read-pipeline-file.ts';
import type { Source } from '../../../formats/source.ts';

/** An output with the metafile and the DVC root it belongs to. */
export interface TrackedOutput {
  readonly source: Source;
  /** undefined: no DVC project, so no remote. */
  readonly root: string | undefined;
  readonly output: Output;
  /** Path in the repository; undefined: outside of it. */
  readonly path: string | undefined;
  /**
   * Whether it must be on its remote (specs dvc 4.3). `unsure`: `dvc.yaml` keeps it by a template that could mean
   * one thing or another.
   */
  readonly mustExist: 'yes' | 'no' | 'unsure';
}

/** The outputs of a `.dvc` file. Imports that DVC fetches from their source are not on the project's own remote. */
export function outputsOfDvcFile(
  file: DvcFile,
  source: Source,
  root: string | undefined,
): readonly TrackedOutput[] {
  const foreign =
    file.kind === 'import' || file.kind === 'import-url-versioned' || file.kind === 'partial-import';
  return file.outputs.map((output) => tracked(output, { source, root, mustExist: foreign ? 'no' : 'yes' }));
}

/** The outputs of `dvc.lock`, kept as `dvc.yaml` says. Stages and outputs that `dvc.yaml` has no more are left out. */
export function outputsOfLock(
  lock: LockFile,
  pipeline: PipelineFile,
  file: { readonly source: Source; readonly root: string | undefined },
): readonly TrackedOutput[] {
  return lock.stages.flatMap(({ name, outputs }) => {
    const stage = stageOf(pipeline, name);
    if (stage === undefined) return [];
    return outputs.flatMap((entry): readonly TrackedOutput[] => {
      const kept = howKept(stage, entry.path);
      if (kept.kind === 'gone') return [];
      if (kept.kind === 'unsure')
        return [tracked({ ...entry, ...defaultSettings }, { ...file, mustExist: 'unsure' })];
      return [tracked({ ...entry, ...kept.settings }, { ...file, mustExist: 'yes' })];
    });
  });
}

function tracked(output: Output, about: Pick<TrackedOutput, 'source' | 'root' | 'mustExist'>): TrackedOutput {
  const path = output.target.kind === 'inside' ? output.target.path : undefined;
  const known = output.hash !== undefined || output.files !== undefined || output.cloud !== undefined;
  const mustExist = output.cache && output.push && path !== undefined && known ? about.mustExist : 'no';
  return { ...about, output, path, mustExist };
}
