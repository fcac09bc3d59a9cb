import type { FieldShape, ObjectShape, Shape } from '../schema/shape.ts';
import { enums, messages } from './pipeline-spec.shape.ts';
import { scalarShapes } from './scalars.ts';

/** What the upload endpoint reads strictly: the first document (specs kubeflow-kserve 1.2). */
export const pipelineSpecShape: Shape = messageShape('PipelineSpec', false);

/** The optional second document (specs kubeflow-kserve 1.4). */
export const platformSpecShape: Shape = messageShape('PlatformSpec', false);

/** `deploymentSpec`: a free mapping on the wire, read later with unknown fields ignored. */
export const deploymentConfigShape: Shape = messageShape('PipelineDeploymentConfig', true);

/** An executor in `platforms.kubernetes.deploymentSpec`: likewise. */
export const kubernetesExecutorShape: Shape = messageShape('KubernetesExecutorConfig', true);

/** Fields are read out of the table when they are first asked for: messages may contain themselves. */
function messageShape(name: string, open: boolean): ObjectShape {
  const entries = (messages[name] ?? '').split(', ').map(parseField);
  let fields: ReadonlyMap<string, FieldShape> | undefined;
  return {
    kind: 'object',
    name: name.slice(name.lastIndexOf('.') + 1),
    nullable: false,
    open,
    fields: () => (fields ??= collectFields(entries, open)),
    oneofs: groupOneofs(entries),
  };
}

interface Entry {
  readonly name: string;
  readonly oneof: string | undefined;
  readonly type: string;
  readonly many: 'list' | 'map' | undefined;
  /** It has no snake_case spelling. */
  readonly exact: boolean;
}

function parseField(text: string): Entry {
  const [, name = '', exact, oneof, type = '', suffix] =
    /^(\w+)(!)?(?:@(\w+))? ([\w.]+)(\[\]|\{\})?$/.exec(text) ?? [];
  const many = suffix === undefined ? undefined : suffix === '[]' ? 'list' : 'map';
  return { name, oneof, type, many, exact: exact !== undefined };
}

function collectFields(entries: readonly Entry[], open: boolean): ReadonlyMap<string, FieldShape> {
  const fields = new Map<string, FieldShape>();
  for (const entry of entries) {
    const one = typeShape(entry.type, open);
    const shape: Shape =
      entry.many === undefined
        ? one
        : entry.many === 'list'
          ? { kind: 'list', item: one, nullable: false }
          : { kind: 'map', value: one, nullable: false };
    const nullable = entry.type !== 'json' || entry.many !== undefined;
    fields.set(entry.name, { shape, required: false, nullable });
    const snake = entry.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (snake !== entry.name && !entry.exact)
      fields.set(snake, { shape, required: false, nullable, spelling: entry.name });
  }
  return fields;
}

function typeShape(type: string, open: boolean): Shape {
  const scalar = scalarShapes[type];
  if (scalar !== undefined) return scalar;
  const values = enums[type];
  if (values === undefined) return messageShape(type, open);
  const name = type.slice(type.lastIndexOf('.') + 1);
  return { kind: 'enum', name, values, numbers: values.map((_, index) => index) };
}

function groupOneofs(entries: readonly Entry[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const { name, oneof } of entries) {
    if (oneof !== undefined) groups.set(oneof, [...(groups.get(oneof) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}
