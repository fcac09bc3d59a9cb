import { effectiveRemote, type EffectiveRemote } from './effective-remote.ts';
import type { ParsedTree } from './parse-tree.ts';
import type { TrackedOutput } from './tracked-output.ts';

/** An output that has to be on its remote. */
export interface WantedOutput extends EffectiveRemote {
  readonly tracked: TrackedOutput;
}

/** Every output of the tree that has to be on a remote (specs dvc 4.3). */
export function outputsToCheck(tree: ParsedTree): readonly WantedOutput[] {
  const wanted = tree.outputs.filter(({ root, mustExist }) => root !== undefined && mustExist !== 'no');
  return wanted.map((tracked) => ({ tracked, ...effectiveRemote(tracked, tree) }));
}

/** Those that the target does not have alike: path, content, recorded sizes, how and where it is kept (specs dvc 4.6). */
export function newOutputs(
  judged: readonly WantedOutput[],
  base: readonly WantedOutput[],
): readonly WantedOutput[] {
  const known = new Set(base.map(identityOf));
  return judged.filter((output) => !known.has(identityOf(output)));
}

/** What makes two outputs alike. */
export function identityOf({ tracked, said, remote }: WantedOutput): string {
  const { path, output, mustExist } = tracked;
  const { hash, size, nfiles, cloud, files } = output;
  const { endpointurl } = remote?.settings ?? {};
  return JSON.stringify([
    path,
    hash?.text,
    hash?.layout,
    size,
    nfiles,
    cloud,
    files,
    said,
    remote?.url,
    endpointurl,
    mustExist,
  ]);
}
