import type { Span } from '../source.ts';
import { field, type YamlNode } from '../yaml/node.ts';

/** One of the policy's globs of pipelines, and its place. */
export interface PlacedGlob {
  readonly glob: string;
  readonly span: Span;
  readonly pointer: string;
}

/** The globs of a valid policy, in their order; undefined: it has none, and every pipeline is found by its content. */
export function pipelineGlobs(root: YamlNode): readonly PlacedGlob[] | undefined {
  const list = field(root, 'pipelines');
  if (list?.kind !== 'sequence') return undefined;
  return list.items.flatMap((item, index) =>
    item.kind === 'scalar' ? [{ glob: item.text, span: item.span, pointer: `pipelines/${index}` }] : [],
  );
}
