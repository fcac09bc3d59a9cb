import type { Unknown } from '../../domain/verdict.ts';
import type { TreeEntry } from '../../ports/snapshots.ts';
import type { CheckedOutput, CommittedSecret, DataModel, ObjectsEvidence } from '../../rules/data/model.ts';
import type { Collected, CollectDeps, Facts } from '../check.ts';
import { askRemotes, type Answers } from './data/ask-remotes.ts';
import { findDifferences } from './data/differences.ts';
import { identityOf, newOutputs, outputsToCheck, type WantedOutput } from './data/must-check.ts';
import { remoteId } from './data/open-remotes.ts';
import { parseTree, type ParsedTree } from './data/parse-tree.ts';
import { readBlobs } from './data/read-files.ts';
import { findRemoteChanges } from './data/remote-changes.ts';
import { selectFiles } from './data/select-files.ts';
import { createParseTurns, notParsed } from './parse-turns.ts';

/** Gathers what the rules of the group `data` look at: metafiles, then listings, then objects (specs dvc 4.6). */
export async function collectData(
  facts: Facts,
  deps: CollectDeps,
  signal: AbortSignal,
): Promise<Collected<DataModel>> {
  const selection = selectFiles(facts);
  const blobs = await readBlobs(selection, deps, signal);
  const { limits } = deps;
  const turns = createParseTurns(limits.parseBytes, signal);
  const judged = await parseTree(selection.judged, blobs, { limits, turns });
  const base = await parseTree(selection.base, blobs, { limits, turns });
  const baseOutputs = outputsToCheck(base);
  const all = outputsToCheck(judged);
  const wanted = facts.policy.data.scope === 'all' ? all : newOutputs(all, baseOutputs);
  const sure = wanted.filter(({ tracked }) => tracked.mustExist === 'yes');
  const answers = await askRemotes(sure, { tree: judged, deps }, signal);
  return {
    model: {
      metafiles: judged.metafiles,
      outputs: sure.map((output) =>
        toChecked(asAsked(output, answers.instead), answers.evidence.get(output)),
      ),
      remotes: answers.unbound,
      remoteChanges: findRemoteChanges(base, judged),
      secrets: secretsOf(judged, facts.entries),
    },
    baseModel: {
      ...baseModelOf(base, baseOutputs, answers.evidence),
      secrets: secretsOf(base, facts.baseEntries),
    },
    unknowns: [
      ...judged.unknowns,
      ...notParsed(judged.skipped + base.skipped, 'DVC files', limits.parseBytes),
      ...undecidable(wanted),
      ...answers.unknowns,
    ],
    wanted: answers.wanted,
    counts: {
      metafiles: selection.judged.filter(({ kind }) => kind !== 'config').length,
      outputs: wanted.length,
      outputsProven: sure.filter((output) => isProven(output, answers.evidence.get(output))).length,
      objects: answers.objects,
      objectsProven: answers.proven,
    },
    differences: findDifferences(base, judged),
  };
}

/** A `.dvc/config.local` that is tracked is wrong whatever is in it (specs dvc 3.2). */
function secretsOf(tree: ParsedTree, entries: readonly TreeEntry[]): readonly CommittedSecret[] {
  const local = entries.filter(({ path }) => /(?:^|\/)\.dvc\/config\.local$/.test(path));
  return [...tree.secrets, ...local.map(({ path }) => ({ source: { path }, credential: undefined }))];
}

/** What the remotes say of an output is as true of the target, where that has it alike: the change did not bring it. */
function baseModelOf(
  base: ParsedTree,
  outputs: readonly WantedOutput[],
  evidence: ReadonlyMap<WantedOutput, ObjectsEvidence>,
): Omit<DataModel, 'secrets'> {
  const known = new Map([...evidence].map(([output, objects]) => [identityOf(output), objects]));
  const checked = outputs.map((output) => toChecked(output, known.get(identityOf(output))));
  return { metafiles: base.metafiles, outputs: checked, remotes: [], remoteChanges: [] };
}

/** Whether every file of the output is there: those that the metafile does not name well enough were not asked for. */
function isProven({ tracked }: WantedOutput, evidence: ObjectsEvidence | undefined): boolean {
  const named = tracked.output.files?.length ?? evidence?.files;
  return evidence?.bytes !== undefined && evidence.files === named;
}

/** The output with the url of its remote that was really asked. */
function asAsked(output: WantedOutput, instead: Answers['instead']): WantedOutput {
  const { said, remote } = output;
  const url = remote === undefined ? undefined : instead.get(remoteId(remote));
  return url === undefined || said.kind !== 'remote' ? output : { ...output, said: { ...said, ...url } };
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
