import type { Problem, Source } from '../source.ts';
import { keyText } from '../yaml/node.ts';
import type { YamlNode } from '../yaml/node.ts';
import { isSpecField } from './classify.ts';
import type { PipelineDocument, PipelineFile } from './pipeline-model.ts';
import { dig, get, namedEntries, textOf } from './read-field.ts';

const required = ['pipelineInfo', 'root', 'schemaVersion'];

/**
 * The problem (code `cut-off`) of a file that is readable and no pipeline, but what is left of one; undefined for all
 * other files. `was`: it is a pipeline on the target, so that less of it is enough to tell.
 */
export function findCutOff({ source, documents }: PipelineFile, was: boolean): Problem | undefined {
  const written = documents.filter(({ head }) => head !== undefined);
  const [only, another] = written;
  if (another !== undefined) return undefined;
  const commented = /^# PIPELINE DEFINITION[ \t]*$/m.test(source.text.slice(0, 1000));
  if (only === undefined) return was || commented ? atEnd(source, required) : undefined;
  if (only.kind === 'pipeline-version-object') return was ? atEnd(source, ['pipelineSpec']) : undefined;
  return isRest(only, { was, commented }) ? atEnd(source, missingIn(only.head)) : undefined;
}

/** Whatever stands before a cut is the pipeline's own: a field of anything else says that the file is another thing. */
function isRest(
  { head, kind }: PipelineDocument,
  { was, commented }: { was: boolean; commented: boolean },
): boolean {
  if (kind !== 'other') return false;
  if (head?.kind !== 'mapping') return was && head?.kind === 'scalar';
  if (was) return head.entries.some((entry) => isSpecField(keyText(entry)));
  return head.entries.every((entry) => isSpecField(keyText(entry))) && (commented || isUnmistakable(head));
}

/** Fields that only a pipeline has. `components` and `schemaVersion` alone are in devfiles and OpenAPI too. */
function isUnmistakable(root: YamlNode): boolean {
  if (get(root, 'pipelineInfo') !== undefined) return true;
  if (dig(root, 'deploymentSpec', 'executors') !== undefined) return true;
  if (textOf(root, 'sdkVersion')?.startsWith('kfp') === true) return true;
  return namedEntries(get(root, 'components')).some(
    ({ value }) => get(value, 'executorLabel') !== undefined || get(value, 'dag') !== undefined,
  );
}

function missingIn(root: YamlNode | undefined): readonly string[] {
  return required.filter((name) => get(root, name) === undefined);
}

function atEnd(source: Source, missing: readonly string[]): Problem {
  const end = source.text.trimEnd().length;
  const names = missing.map((name) => `\`${name}\``);
  const [last, ...before] = names.reverse();
  const list = before.length === 0 ? `${last} is` : `${before.reverse().join(', ')} and ${last} are`;
  return {
    code: 'cut-off',
    message: `the pipeline ends here, before it is complete: ${list} missing`,
    span: { start: Math.max(0, end - 1), end },
    pointer: '',
    repair: 'compile the pipeline again (kfp dsl compile) and commit the whole file',
  };
}
