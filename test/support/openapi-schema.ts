/** A path or query parameter. */
export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

/** A schema of OpenAPI 3.0. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

/** A body by its type. */
export interface Content {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** A method at a path. */
export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** The description. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

/** What a reference leads to. */
export function resolve<T extends { readonly $ref?: string }>(
  table: Readonly<Record<string, T>>,
  entry: T,
): T {
  if (entry.$ref === undefined) return entry;
  const target = table[entry.$ref.split('/').at(-1) ?? ''];
  if (target === undefined) throw new Error(`the contract has no ${entry.$ref}`);
  return target;
}

/** A request's schema: unknown fields are forbidden wherever fields are named. */
export function strict(document: Document, schema: Schema): Schema {
  const { properties, items, ...rest } = translate(resolve(document.components.schemas, schema));
  const entries = Object.entries(properties ?? {}).map(([name, property]) => [
    name,
    strict(document, property),
  ]);
  const own = properties && { properties: Object.fromEntries(entries), additionalProperties: false };
  return { ...rest, ...own, ...(items && { items: strict(document, items) }) };
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema. */
export function translate<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_name, part: unknown) => {
    if (typeof part !== 'object' || part === null || !('nullable' in part) || part.nullable !== true)
      return part;
    const { nullable: _nullable, ...schema } = part;
    return { anyOf: [schema, { type: 'null' }] };
  });
}

/** Lets references of a part lead into the whole. */
export function absolute(value: object): object {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/components/', '"github#/components/'));
}
