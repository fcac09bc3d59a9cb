/**
 * Writes src/formats/kfp/pipeline-spec.shape.ts, a compact table of Kubeflow's messages, out of its .proto files:
 *
 *   node deploy/scripts/generate-kfp-shapes.ts <folder of the .proto files> [<descriptor set to write for tests>]
 *
 * Needs `protoc` on the PATH. The result names the digests of its sources; a test compares them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const protos = ['pipeline_spec.proto', 'kubernetes_executor_config.proto'];
const roots = [
  'ml_pipelines.PipelineSpec',
  'ml_pipelines.PlatformSpec',
  'ml_pipelines.PipelineDeploymentConfig',
  'kfp_kubernetes.KubernetesExecutorConfig',
];
/** google.protobuf.FieldDescriptorProto.Type, as far as the files use it. */
const scalarNames: Readonly<Record<number, string>> = {
  1: 'double',
  3: 'int64',
  5: 'int32',
  8: 'bool',
  9: 'string',
};

const [folder, descriptorFile] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('usage: generate-kfp-shapes.ts <folder of the .proto files> [<file>]');
const set = describe(folder);
if (descriptorFile !== undefined) writeFileSync(descriptorFile, set);
const target = new URL('../../src/formats/kfp/pipeline-spec.shape.ts', import.meta.url);
writeFileSync(target, print(folder, set));

function describe(folder: string): Buffer {
  const scratch = mkdtempSync(join(tmpdir(), 'kfp-shapes-'));
  try {
    const out = join(scratch, 'set.bin');
    execFileSync('protoc', ['-I', folder, '--include_imports', `--descriptor_set_out=${out}`, ...protos]);
    return readFileSync(out);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function print(folder: string, set: Buffer): string {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));
  const messages = new Map<string, string>();
  const enums = new Map<string, readonly string[]>();
  const queue = roots.map((name) => registry.getMessage(name));
  for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
    const name = shortName(message);
    if (messages.has(name)) continue;
    messages.set(name, message.fields.map(printField).join(', '));
    for (const field of message.fields) {
      if (field.enum !== undefined) enums.set(shortName(field.enum), valuesOf(field.enum));
      if (field.message !== undefined && !isWellKnown(field.message)) queue.push(field.message);
    }
  }
  return [
    '// Made by deploy/scripts/generate-kfp-shapes.ts: do not edit.',
    '',
    '/** The .proto files this was made of, with their sha256. */',
    `export const protoDigests = ${JSON.stringify(Object.fromEntries(protos.map((name) => [name, digest(folder, name)])))};`,
    '',
    '/** Enumerations: the values in the order of their numbers, from 0. */',
    `export const enums: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(Object.fromEntries(enums))};`,
    '',
    '/** Messages: fields as `jsonName[!][@oneof] type`; `!` has no snake_case spelling; `type[]` is a list, `type{}` a map of text. */',
    `export const messages: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(messages))};`,
    '',
  ].join('\n');
}

function printField(field: DescField): string {
  const exact = field.name === field.jsonName && /[A-Z]/.test(field.name) ? '!' : '';
  const oneof = field.oneof === undefined ? '' : `@${field.oneof.name}`;
  const suffix = { list: '[]', map: '{}', scalar: '', enum: '', message: '' }[field.fieldKind];
  return `${field.jsonName}${exact}${oneof} ${typeOf(field)}${suffix}`;
}

function typeOf(field: DescField): string {
  if (field.enum !== undefined) return shortName(field.enum);
  if (field.message !== undefined) return shortName(field.message);
  const name = field.scalar === undefined ? undefined : scalarNames[field.scalar];
  if (name === undefined) throw new Error(`${String(field)}: a type that the table cannot express`);
  return name;
}

function valuesOf(type: DescEnum): readonly string[] {
  const values = [...type.values].sort((a, b) => a.number - b.number);
  if (values.some((value, index) => value.number !== index))
    throw new Error(`${type.typeName}: gaps between numbers`);
  return values.map((value) => value.name);
}

function shortName(type: DescMessage | DescEnum): string {
  if (type.typeName === 'google.protobuf.Value') return 'json';
  return type.typeName.replace(/^(?:ml_pipelines|kfp_kubernetes|google\.protobuf)\./, '');
}

function isWellKnown(message: DescMessage): boolean {
  return message.typeName.startsWith('google.protobuf.');
}

function digest(folder: string, name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
}
