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

/** A file as pipelines see it, or, where a limit was met, the problem that says which. */
export type PipelineRead =
  | { readonly file: PipelineFile; readonly limit: undefined }
  | { readonly file: undefined; readonly limit: Problem };

/** Reads a file and classifies and checks each document in it. `named`: the policy says that it is a pipeline. */
export function readPipelineFile(
  source: Source,
  options: { limits: YamlLimits; named: boolean },
): PipelineRead {
  const yaml = readYaml(source, { scalars: coreScalars, limits: options.limits });
  const limit = yaml.problems.find((problem) => problem.code === 'limit');
  if (limit !== undefined) return { file: undefined, limit };
  const readable = yaml.problems.length === 0;
  const documents = readable ? yaml.documents.flatMap(({ root }) => readDocument(source, root)) : [];
  return { file: { source, named: options.named, problems: yaml.problems, documents }, limit: undefined };
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
