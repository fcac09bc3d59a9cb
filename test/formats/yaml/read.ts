import { createSource } from '../../../src/formats/source.ts';
import { readYaml } from '../../../src/formats/yaml/read-yaml.ts';
import type { YamlFile, YamlLimits } from '../../../src/formats/yaml/read-yaml.ts';
import { coreScalars } from '../../../src/formats/yaml/scalars.ts';
import type { ScalarRules } from '../../../src/formats/yaml/scalars.ts';
import { toPlain } from '../../../src/formats/yaml/to-plain.ts';
import { defaultLimits } from '../../../src/limits.ts';

/** Reads a text with the default limits and the core scalars, unless told otherwise. */
export function read(
  text: string,
  options: { limits?: Partial<YamlLimits>; scalars?: ScalarRules; merge?: boolean } = {},
): YamlFile {
  const { limits, scalars = coreScalars, merge = true } = options;
  return readYaml(createSource('test.yaml', text), {
    scalars,
    limits: { ...defaultLimits, ...limits },
    merge,
  });
}

/** The values of a text without problems. */
export function valuesOf(text: string, options: Parameters<typeof read>[1] = {}): readonly unknown[] {
  const { documents, problems } = read(text, options);
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('; '));
  return documents.map(({ root }) => (root === undefined ? undefined : toPlain(root)));
}

/** Problems as `code line:column pointer`. */
export function problemsOf(text: string, options: Parameters<typeof read>[1] = {}): readonly string[] {
  const source = createSource('test.yaml', text);
  return read(text, options).problems.map(({ code, span, pointer }) => {
    const { line, column } = source.placeOf(span);
    return `${code} ${line}:${column}${pointer === '' ? '' : ` ${pointer}`}`;
  });
}
