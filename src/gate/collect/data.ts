import type { Unknown } from '../../domain/verdict.ts';
import type { CheckedOutput, DataModel, ObjectsEvidence } from '../../rules/data/model.ts';
import type { Collected, CollectDeps, Facts } from '../check.ts';
import { askRemotes } from './data/ask-remotes.ts';
import { findDifferences } from './data/differences.ts';
import { newOutputs, outputsToCheck, type WantedOutput } from './data/must-check.ts';
import { parseTree, type ParsedTree } from './data/parse-tree.ts';
import { readBlobs } from './data/read-files.ts';
import { findRemoteChanges } from './data/remote-changes.ts';
import { selectFiles } from './data/select-files.ts';

/** Gathers what the rules of the group `data` look at: metafiles, then listings, then objects (specs dvc 4.6). */
export async function collectData(
  facts: Facts,
  deps: CollectDeps,
  signal: AbortSignal,
): Promise<Collected<DataModel>> {
  const selection = selectFiles(facts);
  const blobs = await readBlobs(selection, deps, signal);
  const judged = parseTree(selection.judged, blobs, deps.limits);
  const base = parseTree(selection.base, blobs, deps.limits);
  const baseOutputs = outputsToCheck(base);
  const all = outputsToCheck(judged);
  const wanted = facts.policy.data.scope === 'all' ? all : newOutputs(all, baseOutputs);
  const sure = wanted.filter(({ tracked }) => tracked.mustExist === 'yes');
  const answers = await askRemotes(sure, { tree: judged, deps }, signal);
  return {
    model: {
      metafiles: judged.metafiles,
      outputs: sure.map((output) => toChecked(output, answers.evidence.get(output))),
      remotes: answers.unbound,
      remoteChanges: findRemoteChanges(base, judged),
    },
    baseModel: staticModel(base, baseOutputs),
    unknowns: [...judged.unknowns, ...undecidable(wanted), ...answers.unknowns],
    wanted: answers.wanted,
    counts: {
      metafiles: selection.judged.filter(({ kind }) => kind !== 'config').length,
      outputs: wanted.length,
      objects: answers.objects,
    },
    differences: findDifferences(base, judged),
  };
}

function staticModel(base: ParsedTree, outputs: readonly WantedOutput[]): DataModel {
  const checked = outputs.map((output) => toChecked(output, undefined));
  return { metafiles: base.metafiles, outputs: checked, remotes: [], remoteChanges: [] };
}

function toChecked({ tracked, said }: WantedOutput, objects: ObjectsEvidence | undefined): CheckedOutput {
  const { source, output, root = '' } = tracked;
  return { source, output, root, remote: said, objects };
}

/** Outputs of which the repository does not say for certain whether or where they must be. */
function undecidable(wanted: readonly WantedOutput[]): readonly Unknown[] {
  return wanted.flatMap(({ tracked, said }): readonly Unknown[] => {
    const what = `output ${tracked.path ?? tracked.output.path}`;
    if (tracked.mustExist === 'unsure') {
      const message =
        'templates in dvc.yaml that fit this path keep it in different ways, and they are not resolved';
      return [{ what, cause: 'unsupported', message, remedy: 'write the path out in dvc.yaml' }];
    }
    if (said.kind !== 'unreadable') return [];
    const message = 'its remote cannot be found, because .dvc/config cannot be read';
    return [{ what, cause: 'unsupported', message, remedy: 'repair .dvc/config' }];
  });
}
