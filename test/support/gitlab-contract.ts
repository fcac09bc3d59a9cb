import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** The parts of a request that the contract speaks about; `path` as sent, from `/api/v4` on, without the query. */
export interface ObservedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** GitLab's published API description, made strict. */
export type GitlabContract =
  | { readonly kind: 'contract'; violations(request: ObservedRequest): readonly string[] }
  | { readonly kind: 'no contracts' };

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Compiled {
  readonly title: string;
  readonly path: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly query: ValidateFunction;
  readonly body: ValidateFunction | undefined;
}

const address = new URL('../../../shared/contracts/gitlab.openapi.json', import.meta.url);

/** What the description leaves out although the documentation has it: emoji reactions. */
const missingOperations: Document['paths'] = {
  '/api/v4/projects/{id}/merge_requests/{merge_request_iid}/notes/{note_id}/award_emoji': {
    get: { parameters: [] },
    post: {
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['name'],
              properties: { name: { type: 'string', minLength: 1 } },
            },
          },
        },
      },
    },
  },
};

/** Limits the description leaves out (specs git-hosts 3.4, 3.5), by operation and field. */
const limits: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  'POST /api/v4/projects/{id}/statuses/{sha}': Object.fromEntries(
    ['ref', 'name', 'context', 'target_url', 'description'].map((name) => [name, { maxLength: 255 }]),
  ),
  'POST /api/v4/projects/{id}/merge_requests/{noteable_id}/notes': {
    body: { minLength: 1, maxLength: 1_000_000 },
  },
  'PUT /api/v4/projects/{id}/merge_requests/{noteable_id}/notes/{note_id}': {
    body: { minLength: 1, maxLength: 1_000_000 },
  },
};

/** Every list is paged, though not every list says so. */
const paging: Readonly<Record<string, Schema>> = {
  page: { type: 'integer', minimum: 1 },
  per_page: { type: 'integer', minimum: 1, maximum: 100 },
};

/** Path values that are numbers; the others are texts, whatever the description says of them. */
const numbers = /^(?:merge_request_iid|noteable_id|note_id|pipeline_id|user_id|hook_id)$/;

/** Reads the description once; it may be absent outside of the development environment. */
export function loadGitlabContract(): GitlabContract {
  if (!existsSync(address)) return { kind: 'no contracts' };
  const document: Document = JSON.parse(readFileSync(address, 'utf8'));
  const operations = new Map<string, Compiled>();
  const templates = Object.entries({ ...document.paths, ...missingOperations })
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    )
    .map((row) => ({ ...row, parts: row.path.split('/') }));
  return { kind: 'contract', violations };

  function violations(request: ObservedRequest): readonly string[] {
    const parts = request.path.split('/');
    const method = request.method.toLowerCase();
    const found = templates
      .filter((row) => row.method === method && fits(row.parts, parts))
      .sort((one, other) => names(one.parts) - names(other.parts))[0];
    if (found === undefined) return [`${request.method} ${request.path}: unknown operation`];
    const title = `${request.method} ${found.path}`;
    const compiled = operations.get(title) ?? compile(document, title, found.operation);
    operations.set(title, compiled);
    return [
      ...pathViolations(compiled, parts),
      ...queryViolations(compiled, request),
      ...bodyViolations(compiled, request),
    ];
  }
}

function fits(template: readonly string[], parts: readonly string[]): boolean {
  if (template.length !== parts.length) return false;
  return template.every((part, index) =>
    part.startsWith('{') ? parts[index] !== '' : part === parts[index],
  );
}

function names(template: readonly string[]): number {
  return template.filter((part) => part.startsWith('{')).length;
}

function compile(document: Document, title: string, operation: Operation): Compiled {
  const [method = '', path = ''] = title.split(' ');
  const parameters = operation.parameters ?? [];
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const declared = Object.fromEntries(query.map((parameter) => [parameter.name, parameter.schema ?? {}]));
  const required = query
    .filter((parameter) => parameter.required === true)
    .map((parameter) => parameter.name);
  const properties = method === 'GET' ? { ...declared, ...paging } : declared;
  const body = operation.requestBody?.content['application/json']?.schema;
  const queryAjv = new Ajv({ strict: false, validateFormats: false, allErrors: true, coerceTypes: 'array' });
  const bodyAjv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  return {
    title,
    path: path.split('/'),
    parameters,
    query: queryAjv.compile({ type: 'object', properties, required, additionalProperties: false }),
    body:
      body === undefined
        ? undefined
        : bodyAjv.compile(withLimits(strict(document, body), limits[title] ?? {})),
  };
}

/** Resolves references, translates `nullable`, forbids unknown fields. */
function strict(document: Document, schema: Schema): Schema {
  const { nullable, properties, items, ...rest } = resolve(document, schema);
  const entries = Object.entries(properties ?? {}).map(([name, property]) => [
    name,
    strict(document, property),
  ]);
  const own = properties && { properties: Object.fromEntries(entries), additionalProperties: false };
  const type = nullable === true && typeof rest.type === 'string' ? { type: [rest.type, 'null'] } : undefined;
  return { ...rest, ...type, ...own, ...(items && { items: strict(document, items) }) };
}

function resolve(document: Document, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const target = document.components.schemas[schema.$ref.slice('#/components/schemas/'.length)];
  if (target === undefined) throw new Error(`the contract has no ${schema.$ref}`);
  return resolve(document, target);
}

function withLimits(schema: Schema, extra: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(schema.properties ?? {});
  const limited = entries.map(([name, property]) => [name, { ...property, ...extra[name] }]);
  return { ...schema, properties: Object.fromEntries(limited) };
}

function pathViolations(compiled: Compiled, parts: readonly string[]): readonly string[] {
  return compiled.path.flatMap((template, index) => {
    const name = template.slice(1, -1);
    const value = parts[index] ?? '';
    const wrong = template.startsWith('{') && numbers.test(name) && !/^[1-9]\d*$/.test(value);
    return wrong ? [`${compiled.title}: path ${name} is no number: ${value}`] : [];
  });
}

function queryViolations(compiled: Compiled, request: ObservedRequest): readonly string[] {
  const entries = Object.entries(request.query).map(([name, value]) => [name.replace(/\[\]$/, ''), value]);
  return problemsOf(compiled, 'query', compiled.query, Object.fromEntries(entries));
}

function bodyViolations(compiled: Compiled, request: ObservedRequest): readonly string[] {
  if (compiled.body === undefined) {
    return request.body === undefined ? [] : [`${compiled.title}: body where none is known`];
  }
  return problemsOf(compiled, 'body', compiled.body, request.body ?? {});
}

function problemsOf(
  compiled: Compiled,
  where: string,
  validate: ValidateFunction,
  value: unknown,
): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => {
    const extra: unknown = error.params['additionalProperty'];
    const field = typeof extra === 'string' ? `/${extra}` : error.instancePath;
    return `${compiled.title}: ${where}${field} ${error.message}`;
  });
}
