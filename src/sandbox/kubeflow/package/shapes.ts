/** Fields by name: any value, or a message, a list or a map of messages. */
export interface Shape {
  readonly [field: string]: 'any' | (() => Shape) | { readonly mapOf: () => Shape };
}

const task: Shape = {
  taskInfo: 'any',
  inputs: 'any',
  dependentTasks: 'any',
  cachingOptions: 'any',
  componentRef: () => ({ name: 'any' }),
  triggerPolicy: 'any',
  artifactIterator: 'any',
  parameterIterator: 'any',
  retryPolicy: 'any',
  iteratorPolicy: 'any',
};
const definitions = (parameter: Shape): Shape => ({
  parameters: { mapOf: () => parameter },
  artifacts: 'any',
});
const component: Shape = {
  inputDefinitions: () =>
    definitions({
      parameterType: 'any',
      type: 'any',
      defaultValue: 'any',
      isOptional: 'any',
      description: 'any',
      literals: 'any',
    }),
  outputDefinitions: () => definitions({ parameterType: 'any', type: 'any', description: 'any' }),
  dag: () => ({ tasks: { mapOf: () => task }, outputs: 'any' }),
  executorLabel: 'any',
  singlePlatformSpecs: 'any',
  taskConfigPassthroughs: 'any',
};

/** The message of an uploaded pipeline, as deep as wrong fields are looked for (specs kubeflow 1.2). */
export const pipelineSpec: Shape = {
  pipelineInfo: () => ({ name: 'any', displayName: 'any', description: 'any' }),
  deploymentSpec: 'any',
  schemaVersion: 'any',
  sdkVersion: 'any',
  defaultPipelineRoot: 'any',
  components: { mapOf: () => component },
  root: () => component,
};

/** The first field that is none of the message's; `undefined` where all are. */
export function unknownField(value: unknown, shape: Shape): string | undefined {
  if (!isRecord(value)) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const rule = shape[camel(name)];
    if (rule === undefined) return name;
    if (rule === 'any') continue;
    const parts = typeof rule === 'function' ? [part] : isRecord(part) ? Object.values(part) : [];
    const inner = typeof rule === 'function' ? rule() : rule.mapOf();
    const found = parts.map((entry) => unknownField(entry, inner)).find((field) => field !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Proto JSON takes both spellings of a field. */
export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** A map of names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A map of names, empty where there is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A text, '' where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
