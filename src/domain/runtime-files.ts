/** What a serving runtime looks for at the top of a model's directory (specs kubeflow-kserve 5.6). */
export interface RuntimeRule {
  /** Extensions of the model's file, with their dot. */
  readonly extensions: readonly string[];
}

/** By model format; formats that are not here are not checked: their runtimes take whole directories. */
const rules: Readonly<Record<string, RuntimeRule>> = {
  sklearn: { extensions: ['.joblib', '.pkl', '.pickle'] },
  xgboost: { extensions: ['.bst', '.json', '.ubj'] },
  lightgbm: { extensions: ['.bst'] },
  pmml: { extensions: ['.pmml'] },
};

/** Why the runtime of the format would not load a directory with these files; undefined: nothing is known against it. */
export function runtimeObjection(format: string, paths: readonly string[]): string | undefined {
  const rule = Object.hasOwn(rules, format) ? rules[format] : undefined;
  if (rule === undefined) return undefined;
  const top = paths.filter((path) => !path.includes('/'));
  const fitting = top.filter((path) => rule.extensions.some((extension) => path.endsWith(extension)));
  if (fitting.length === 1) return undefined;
  const expected = `exactly one file with ${rule.extensions.join(', ')} at the top`;
  const found = fitting.length === 0 ? 'there is none' : `there are ${fitting.join(', ')}`;
  return `the ${format} runtime looks for ${expected}; ${found}`;
}
