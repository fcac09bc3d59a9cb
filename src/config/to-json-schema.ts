import { z } from 'zod';

/** A JSON Schema, as far as we look into it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  /** What a value has to be, in words. */
  readonly $comment?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number;
  readonly [keyword: string]: unknown;
}

/** What may be written, as JSON Schema 2020-12: values before variables are filled in and durations are read. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: restore });
  const plain: JsonSchema = JSON.parse(JSON.stringify(made));
  return plain;
}

/** Zod leaves out what it cannot know of a value that is transformed: its form and its examples. */
function restore(context: { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const meta = z.globalRegistry.get(context.zodSchema);
  const target: Record<string, unknown> = context.jsonSchema;
  if (meta?.['examples'] !== undefined) target['examples'] = meta['examples'];
  if (meta?.['expected'] !== undefined) target['$comment'] = meta['expected'];
  Object.assign(target, meta?.['json']);
  delete target['json'];
  delete target['expected'];
}
