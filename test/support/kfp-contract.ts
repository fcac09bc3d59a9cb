import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** A request and its answer; `path` as sent, without the query. */
export interface KfpExchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; anything for uploads. */
  readonly body: unknown;
  readonly status: number;
  /** Parsed JSON. */
  readonly answer: unknown;
}

/** The published description of the Kubeflow Pipelines API, made strict: no field that it does not name. */
export type KfpContract =
  | {
      readonly kind: 'contract';
      /** What a request has that the description does not know. */
      requestViolations(exchange: Pick<KfpExchange, 'method' | 'path' | 'query' | 'body'>): readonly string[];
      answerViolations(exchange: KfpExchange): readonly string[];
    }
  | { readonly kind: 'no contracts' };

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly type?: string;
  readonly schema?: object;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Definition {
  readonly properties?: Readonly<Record<string, object>>;
  readonly [keyword: string]: unknown;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

const address = new URL('../../../shared/contracts/kfp-v2beta1.swagger.json', import.meta.url);

/** What the server serves beside its description (specs kubeflow 3.1, 3.5). */
const text = { type: 'string' };
const healthz = { commit_sha: text, tag_name: text };
const uploadError = {
  type: 'object',
  properties: { error_message: text, error_details: text },
  required: ['error_message', 'error_details'],
  additionalProperties: false,
};
/** Node logs are not described. */
const log = /^\/apis\/v1alpha1\/runs\/[^/]+\/nodes\/[^/]+\/log$/;

/** Reads the description once; it may be absent outside of the development environment. */
export function loadKfpContract(): KfpContract {
  if (!existsSync(address)) return { kind: 'no contracts' };
  const document: Document = JSON.parse(readFileSync(address, 'utf8'));
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: {
      'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
      int32: true,
      int64: /^-?\d+$/,
      byte: true,
    },
  });
  const definitions = Object.entries(document.definitions).map(([name, schema]) => [
    name,
    strict(name, schema),
  ]);
  ajv.addSchema({ $id: 'kfp', definitions: Object.fromEntries(definitions) });
  const compiled = new Map<string, ValidateFunction>();
  const templates = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation, shape: shapeOf(path) })),
  );
  return { kind: 'contract', requestViolations, answerViolations };

  function requestViolations(
    request: Pick<KfpExchange, 'method' | 'path' | 'query' | 'body'>,
  ): readonly string[] {
    if (log.test(request.path)) return [];
    const found = find(request);
    if (found === undefined) return [`${request.method} ${request.path}: unknown operation`];
    const parameters = found.operation.parameters ?? [];
    const title = `${request.method} ${found.path}`;
    const unknown = Object.entries(request.query).flatMap(([name, value]) => {
      const known = parameters.find((parameter) => parameter.in === 'query' && parameter.name === name);
      if (known === undefined) return [`${title}: query ${name} is unknown`];
      return known.type === 'integer' && !/^\d+$/.test(value) ? [`${title}: query ${name} is no number`] : [];
    });
    if (request.query['filter'] !== undefined)
      unknown.push(...filterProblems(title, request.query['filter']));
    const body = parameters.find((parameter) => parameter.in === 'body');
    if (parameters.some((parameter) => parameter.in === 'formData')) return unknown;
    if (body?.schema === undefined)
      return request.body === undefined ? unknown : [...unknown, `${title}: body where none is known`];
    return [...unknown, ...problems(`${title}: body`, body.schema, request.body ?? {})];
  }

  /** The filter is a message of its own, in the words of JSON; the server unescapes it once more than others. */
  function filterProblems(title: string, filter: string): readonly string[] {
    if (/[+%]/.test(filter)) return [`${title}: query filter holds what is unescaped twice`];
    return problems(`${title}: query filter`, { $ref: '#/definitions/v2beta1Filter' }, JSON.parse(filter));
  }

  function answerViolations(exchange: KfpExchange): readonly string[] {
    const { method, path, status, answer } = exchange;
    if (log.test(path)) return [];
    const found = find(exchange);
    if (found === undefined) return [];
    const title = `${method} ${found.path}: answer ${status}`;
    const isUpload = /\/upload(?:_version)?$/.test(path);
    if (status >= 300 && isUpload) return problems(title, uploadError, answer);
    const { responses } = found.operation;
    return problems(title, (responses[String(status)] ?? responses['default'])?.schema ?? {}, answer);
  }

  function find({
    method,
    path,
  }: Pick<KfpExchange, 'method' | 'path'>): (typeof templates)[number] | undefined {
    return templates
      .filter((row) => row.method === method.toLowerCase() && row.shape.test(path))
      .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)[0];
  }

  function problems(title: string, schema: object, value: unknown): readonly string[] {
    const source = JSON.stringify(schema).replaceAll('"#/definitions/', '"kfp#/definitions/');
    const validate = compiled.get(source) ?? ajv.compile(JSON.parse(source));
    compiled.set(source, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => {
      const extra: unknown = error.params['additionalProperty'];
      return `${title}${error.instancePath}${typeof extra === 'string' ? `/${extra}` : ''} ${error.message}`;
    });
  }
}

function shapeOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/:]+')}$`);
}

/** A definition that allows no fields but those it names. */
function strict(name: string, schema: Definition): object {
  if (schema.properties === undefined || 'additionalProperties' in schema) return schema;
  const extra = name.endsWith('GetHealthzResponse') ? healthz : {};
  return { ...schema, properties: { ...schema.properties, ...extra }, additionalProperties: false };
}
