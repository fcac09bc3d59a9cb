import { createProblems } from '../problems.ts';
import type { Problem, Source } from '../source.ts';
import type { YamlNode } from '../yaml/node.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import type { YamlLimits } from '../yaml/read-yaml.ts';
import { coreScalars } from '../yaml/scalars.ts';
import { buildSpec } from './build-spec.ts';
import { checkPipelineSpec, checkPlatformSpec, isEnvelopeProblem } from './check-spec.ts';
import { classify } from './classify.ts';
import type { PipelineDocument, PipelineFile } from './pipeline-model.ts';
import { dig } from './read-field.ts';

/** A file as pipelines see it. `limit`: what lies beyond it is unknown; without a file that is all of it. */
export type PipelineRead =
  | { readonly file: PipelineFile; readonly limit: Problem | undefined }
  | { readonly file: undefined; readonly limit: Problem };

/** Reads a file and classifies and checks each document in it. `named`: the policy says that it is a pipeline. */
export function readPipelineFile(
  source: Source,
  options: { limits: YamlLimits; named: boolean },
): PipelineRead {
  const yaml = readYaml(source, { scalars: coreScalars, limits: options.limits });
  const [only, another] = yaml.problems;
  if (only?.code === 'limit' && another === undefined) return { file: undefined, limit: only };
  const readable = yaml.problems.length === 0;
  const documents = readable ? yaml.documents.flatMap(({ root }) => readDocument(source, root)) : [];
  const all = createProblems(yaml.problems);
  for (const { problems } of documents) all.push(...problems);
  const told = new Set(all.list().filter(isTold));
  const file = {
    source,
    named: options.named,
    problems: yaml.problems.filter(isTold),
    documents: documents.map((document) => ({
      ...document,
      problems: document.problems.filter((each) => told.has(each)),
    })),
  };
  return { file, limit: all.list().find((problem) => !isTold(problem)) };
}

function isTold({ code }: Problem): boolean {
  return code !== 'limit';
}

/** Whether a document is part of what people mean by a pipeline: not so for any other YAML. */
export function isPipelineDocument(document: PipelineDocument): boolean {
  return (
    document.kind === 'pipeline-spec' || document.kind === 'argo-pipeline' || document.spec !== undefined
  );
}

/** A `PipelineVersion` object is itself a document and holds up to two more (specs kubeflow-kserve 1.1). */
function readDocument(source: Source, root: YamlNode | undefined): readonly PipelineDocument[] {
  const kind = classify(root);
  if (root === undefined) return [{ kind, head: undefined, spec: undefined, problems: [] }];
  if (kind === 'pipeline-spec') return [readSpec(source, root, '')];
  if (kind === 'platform-spec') return [readPlatform(root, '')];
  const whole: PipelineDocument = { kind, head: root, spec: undefined, problems: [] };
  if (kind !== 'pipeline-version-object') return [whole];
  const spec = dig(root, 'spec', 'pipelineSpec');
  const platform = dig(root, 'spec', 'platformSpec');
  return [
    whole,
    ...(spec?.kind === 'mapping' ? [readSpec(source, spec, 'spec/pipelineSpec')] : []),
    ...(platform?.kind === 'mapping' ? [readPlatform(platform, 'spec/platformSpec')] : []),
  ];
}

function readSpec(source: Source, root: YamlNode, pointer: string): PipelineDocument {
  const problems = checkPipelineSpec(root, pointer);
  const spec = problems.every(isEnvelopeProblem) ? buildSpec(source, root, pointer) : undefined;
  return { kind: 'pipeline-spec', head: root, spec, problems };
}

function readPlatform(root: YamlNode, pointer: string): PipelineDocument {
  return { kind: 'platform-spec', head: root, spec: undefined, problems: checkPlatformSpec(root, pointer) };
}
