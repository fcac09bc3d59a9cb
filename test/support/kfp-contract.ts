import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** The parts of a request that the contract speaks about. */
export interface ObservedRequest {
  readonly method: string;
  /** From `/apis` on, decoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; of an upload, what says that it was one. */
  readonly body: unknown;
}

/** Kubeflow Pipelines' published description of v2beta1, made as strict as the server is (specs kubeflow-kserve 3). */
export type KfpContract =
  | { readonly kind: 'contract'; violations(request: ObservedRequest): readonly string[] }
  | { readonly kind: 'no contracts' };

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly [keyword: string]: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>
  >;
  readonly definitions: Readonly<Record<string, Schema>>;
}

const address = new URL('../../../shared/contracts/kfp-v2beta1.swagger.json', import.meta.url);

/** Logs are no part of the description. */
const undescribed = /^\/apis\/v1alpha1\/runs\/[^/]+\/nodes\/[^/]+\/log$/;

/** Reads the description; it may be absent outside of the development environment. */
export function loadKfpContract(): KfpContract {
  if (!existsSync(address)) return { kind: 'no contracts' };
  const document: Document = JSON.parse(readFileSync(address, 'utf8'));
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const definitions = Object.entries(document.definitions).map(([name, schema]) => [name, strict(schema)]);
  ajv.addSchema({ $id: 'kfp', definitions: Object.fromEntries(definitions) });
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      title: `${method.toUpperCase()} ${path}`,
      pattern: patternOf(path),
      constants: path.split('/').filter((part) => !part.startsWith('{')).length,
      parameters,
    })),
  );
  const bodies = new Map<string, ValidateFunction>();
  return { kind: 'contract', violations };

  function violations(request: ObservedRequest): readonly string[] {
    if (request.method === 'GET' && undescribed.test(request.path)) return [];
    const [operation] = operations
      .filter(({ method, pattern }) => method === request.method && pattern.test(request.path))
      .toSorted((one, other) => other.constants - one.constants);
    if (operation === undefined) return [`${request.method} ${request.path}: unknown operation`];
    const { title, parameters } = operation;
    const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    const queries = Object.keys(request.query).filter((name) => !known.includes(name));
    return [...queries.map((name) => `${title}: query/${name} is unknown`), ...bodyViolations()];

    function bodyViolations(): readonly string[] {
      const file = parameters.find((parameter) => parameter.in === 'formData');
      if (file !== undefined) {
        const sent = typeof request.body === 'object' && request.body !== null ? request.body : {};
        return file.name in sent ? [] : [`${title}: no ${file.name}`];
      }
      const body = parameters.find((parameter) => parameter.in === 'body');
      if (body === undefined) return request.body === undefined ? [] : [`${title}: body where none is known`];
      const schema = JSON.parse(JSON.stringify(body.schema).replaceAll('"#/', '"kfp#/'));
      const validate = bodies.get(title) ?? ajv.compile(strict(schema));
      bodies.set(title, validate);
      if (validate(request.body)) return [];
      return (validate.errors ?? []).map(({ instancePath, params, message }) => {
        const extra: unknown = params['additionalProperty'];
        return `${title}: body${typeof extra === 'string' ? `${instancePath}/${extra}` : instancePath} ${message}`;
      });
    }
  }
}

/** Unknown fields are forbidden wherever fields are named. */
function strict(schema: Schema): Schema {
  const { properties, additionalProperties } = schema;
  if (properties === undefined) return schema;
  const entries = Object.entries(properties).map(([name, property]) => [name, strict(property)]);
  return {
    ...schema,
    properties: Object.fromEntries(entries),
    additionalProperties: additionalProperties ?? false,
  };
}

function patternOf(path: string): RegExp {
  const parts = path.split(/(\{[^}]+\})/);
  const escaped = parts.map((part) =>
    part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${escaped.join('')}$`);
}
