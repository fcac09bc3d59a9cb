import type { Problem, Source } from '../source.ts';
import type { MappingNode } from '../yaml/node.ts';
import { readYaml, type YamlLimits } from '../yaml/read-yaml.ts';
import { dvcScalars } from '../yaml/scalars-dvc.ts';

/** The one mapping of a metafile, or what stands in the way. */
export interface MetafileDocument {
  readonly root: MappingNode | undefined;
  readonly problems: readonly Problem[];
}

/** Reads a metafile as DVC does: YAML 1.2 with its extras, one document, a mapping on top (specs dvc 1.1). */
export function readDocument(source: Source, limits: YamlLimits): MetafileDocument {
  const { documents, problems } = readYaml(source, { scalars: dvcScalars, limits });
  if (documents.length === 0 && problems.length > 0) return { root: undefined, problems };
  const [first, second] = documents;
  if (second !== undefined) {
    return refuse(problems, 'documents', 'the file has more than one document; DVC reads one', second.span);
  }
  const root = first?.root;
  if (root === undefined || (root.kind === 'scalar' && root.type === 'null')) {
    return refuse(
      problems,
      'empty',
      'the file is empty',
      { start: 0, end: 0 },
      'write it anew with dvc add, or remove it',
    );
  }
  if (root.kind !== 'mapping') {
    return refuse(problems, 'wrong-type', 'the file is no mapping of names to values', root.span);
  }
  return { root, problems };
}

function refuse(
  problems: readonly Problem[],
  code: string,
  message: string,
  span: Problem['span'],
  repair?: string,
): MetafileDocument {
  return { root: undefined, problems: [...problems, { code, message, span, pointer: '', repair }] };
}
