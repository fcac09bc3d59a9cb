import type { Problem, Source, Span } from '../../formats/source.ts';
import type { PipelineFile, PipelineModel, PipelineSpec } from '../../formats/kfp/pipeline-model.ts';
import type { YamlNode } from '../../formats/yaml/node.ts';
import type { Breach, Location, Visit } from '../rule.ts';

/** What rules of pipelines look at. */
export interface PipelineNodes {
  readonly file: PipelineFile;
  /** A pipeline whose form is right; rules about meaning look at these alone. */
  readonly spec: PipelineSpec;
}

/** Every file and every well-formed pipeline of the model, once. */
export function* visitPipelines(model: PipelineModel): Generator<Visit<PipelineNodes>> {
  for (const file of model.files) {
    yield { kind: 'file', node: file };
    for (const { spec } of file.documents) if (spec !== undefined) yield { kind: 'spec', node: spec };
  }
}

/** The place of a node; of a collection its beginning. */
export function at(source: Source, node: YamlNode, pointer: string): Location {
  return { source, span: beginning(node), pointer };
}

/** The very start of a file. */
export function atStart(source: Source): Location {
  return { source, span: { start: 0, end: 0 }, pointer: '' };
}

/** A reader's problem as a breach. */
export function toBreach(source: Source, problem: Problem): Breach {
  const { code, message, span, pointer, repair } = problem;
  return { at: { source, span, pointer }, message: toSentence(message), subject: code, repair };
}

/** Names such as `schemaVersion` stay as they are. */
function toSentence(text: string): string {
  const start = /^[a-z]+(?![\w.])/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.?!]$/.test(start) ? start : `${start}.`;
}

function beginning(node: YamlNode): Span {
  if (node.kind === 'scalar') return node.span;
  const first = node.kind === 'mapping' ? node.entries[0]?.key : node.items[0];
  return first === undefined ? node.span : beginning(first);
}
