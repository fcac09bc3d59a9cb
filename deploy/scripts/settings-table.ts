import { envSettings } from '../../src/config/env-names.ts';
import type { JsonSchema } from '../../src/config/to-json-schema.ts';

interface Row {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** One heading and table for each top-level group of settings, from their JSON Schema. `env`: name the variables. */
export function settingsSections(schema: JsonSchema, options: { readonly env: boolean }): string {
  const variables = new Map(
    options.env ? envSettings(schema).map(({ path, name }) => [path.join('.'), name]) : [],
  );
  const sections = Object.entries(schema.properties ?? {}).map(([key, group]) => {
    const required = schema.required?.includes(key) === true;
    const rows = rowsOf({ path: key, schema: group, required });
    const about = rows[0]?.path === key ? [] : [group.description ?? '', ''];
    return [`### \`${key}\``, '', ...about, ...table(rows, variables, options.env)].join('\n');
  });
  return sections.join('\n\n');
}

/** The leaves below a schema; a choice between a word and a group gives a row of its own and those of the group. */
function rowsOf(row: Row): readonly Row[] {
  const { path, schema, required } = row;
  if (schema.anyOf !== undefined || schema.oneOf !== undefined) {
    const groups = alternatives(schema).filter((alternative) => alternative.properties !== undefined);
    const own = schema.anyOf === undefined ? [] : [row];
    return [...own, ...merged(groups.map((group) => rowsOf({ path, schema: group, required })))];
  }
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, inner]) =>
      rowsOf({ path: `${path}.${key}`, schema: inner, required: schema.required?.includes(key) === true }),
    );
  }
  const items = schema.items;
  if (items?.properties !== undefined || items?.oneOf !== undefined)
    return rowsOf({ path: `${path}[]`, schema: items, required });
  if (typeof schema.additionalProperties === 'object' && !isLeaf(schema.additionalProperties)) {
    return rowsOf({ path: `${path}.<name>`, schema: schema.additionalProperties, required });
  }
  return [row];
}

function isLeaf(schema: JsonSchema): boolean {
  return schema.properties === undefined && typeof schema.additionalProperties !== 'object';
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

/** Rows of groups that exclude each other: what only some of them want is not required. */
function merged(groups: readonly (readonly Row[])[]): readonly Row[] {
  const paths = new Set(groups.flat().map((row) => row.path));
  return [...paths].map((path) => {
    const rows = groups.flat().filter((row) => row.path === path);
    const everywhere = rows.length === groups.length && rows.every((row) => row.required);
    const words = rows.map((row) => row.schema.const).filter((word) => word !== undefined);
    const about = [...new Set(rows.map((row) => row.schema.description))].join(' ');
    const schema = words.length > 1 ? { description: about, enum: words } : rows[0]?.schema;
    return { path, schema: schema ?? {}, required: everywhere };
  });
}

function table(
  rows: readonly Row[],
  variables: ReadonlyMap<string, string>,
  env: boolean,
): readonly string[] {
  const columns = ['Setting', 'Value', 'Default', ...(env ? ['Variable'] : []), 'Meaning', 'Example'];
  const lines = rows.map(({ path, schema, required }) => [
    code(path),
    escape(valueOf(schema)),
    required ? 'required' : defaultOf(schema),
    ...(env ? [variables.has(path) ? code(variables.get(path) ?? '') : ''] : []),
    escape(schema.description ?? ''),
    exampleOf(schema),
  ]);
  return [columns, columns.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

/** What may be written, in words. */
function valueOf(schema: JsonSchema): string {
  if (schema.$comment !== undefined) return schema.$comment;
  if (schema.enum !== undefined) return oneOf(schema.enum);
  if (schema.const !== undefined) return String(schema.const);
  if (schema.items !== undefined) return `a list: ${valueOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object')
    return `names, each with ${valueOf(schema.additionalProperties)}`;
  const choices = alternatives(schema).filter((alternative) => alternative.properties === undefined);
  if (choices.length > 0) return [...new Set(choices.map(valueOf))].join(', ');
  return wordOf(schema);
}

function wordOf(schema: JsonSchema): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return [schema.type ?? []]
    .flat()
    .map((type) => words[type] ?? type)
    .join(', ');
}

function oneOf(words: readonly (string | number)[]): string {
  return words.length === 1 ? String(words[0]) : `one of ${words.map(String).join(', ')}`;
}

function defaultOf(schema: JsonSchema): string {
  if (schema.default === undefined) return '';
  return code(typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default));
}

function exampleOf(schema: JsonSchema): string {
  const example = schema.examples?.[0];
  if (example === undefined) return '';
  return code(typeof example === 'string' ? example : JSON.stringify(example));
}

function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}

/** What stands between backquotes stays as it is, but for what ends a cell. */
function escape(text: string): string {
  const parts = text.replaceAll('|', String.raw`\|`).split(/(`[^`]*`)/);
  return parts
    .map((part) =>
      part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('*', String.raw`\*`),
    )
    .join('');
}
