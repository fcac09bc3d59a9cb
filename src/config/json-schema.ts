import { manifestSchema } from '../formats/manifest/schema.ts';
import { policySchema } from '../formats/policy/schema.ts';
import type { Readers } from './readers.ts';
import { createConfigSchema } from './schema.ts';
import { toJsonSchema, type JsonSchema } from './to-json-schema.ts';

/** Reads nothing: for the schema alone. */
const noReaders: Readers = {
  env: {},
  readFile: () => undefined,
  fileSecret: () => () => '',
  addSecret: () => undefined,
};

/** JSON Schema of `modelgate.yaml`. */
export function configJsonSchema(): JsonSchema {
  return titled('modelgate.yaml', "The server's configuration.", toJsonSchema(createConfigSchema(noReaders)));
}

/** JSON Schema of `.modelgate.yaml`; `ruleIds` are the keys of `rules`. */
export function policyJsonSchema(ruleIds: readonly string[]): JsonSchema {
  return titled('.modelgate.yaml', "The repository's policy.", toJsonSchema(policySchema(ruleIds)));
}

/** JSON Schema of the manifest that a run writes. */
export function manifestJsonSchema(): JsonSchema {
  return titled('manifest', 'What a run writes when it hands its model over.', toJsonSchema(manifestSchema));
}

function titled(title: string, description: string, schema: JsonSchema): JsonSchema {
  const { $schema, ...rest } = schema;
  return { $schema, title, description, ...rest };
}
