import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import {
  absolute,
  resolve,
  strict,
  translate,
  type Document,
  type Operation,
  type Schema,
} from './openapi-schema.ts';

/** The parts of a request that the contract speaks about; `path` from `/repos` on, as sent, without the query. */
export interface ObservedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What was answered: a value; undefined without a body. */
export interface ObservedAnswer extends Pick<ObservedRequest, 'method' | 'path'> {
  readonly status: number;
  readonly answer: unknown;
}

/** GitHub's published API description, made strict. */
export type GithubContract =
  | {
      readonly kind: 'contract';
      violations(request: ObservedRequest): readonly string[];
      /** Of successes; how refusals look is not described well enough. */
      answerViolations(answer: ObservedAnswer): readonly string[];
    }
  | { readonly kind: 'no contracts' };

interface Row {
  readonly title: string;
  readonly method: string;
  readonly parts: readonly string[];
  readonly operation: Operation;
}

const address = new URL('../../../shared/contracts/github.openapi.json', import.meta.url);

/** Limits the description leaves out (specs git-hosts 10.1), by operation and field. */
const limits: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  'POST /repos/{owner}/{repo}/statuses/{sha}': {
    description: { maxLength: 140 },
    context: { minLength: 1, maxLength: 255 },
  },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': { body: { minLength: 1, maxLength: 65_536 } },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': { body: { minLength: 1, maxLength: 65_536 } },
  'POST /app/installations/{installation_id}/access_tokens': { repository_ids: { maxItems: 500 } },
};

/** Rules between fields that the description only tells in words. */
const rules: Readonly<Record<string, Schema>> = {
  'POST /repos/{owner}/{repo}/check-runs': {
    anyOf: [
      { required: ['conclusion'] },
      { not: { required: ['status'], properties: { status: { const: 'completed' } } } },
    ],
  },
};

/** Where the description errs: it wants the account of an installation to be a user and an enterprise at once. */
const corrections: Readonly<Record<string, Schema>> = {
  'GET /app/installations 200': { type: 'array', items: { $ref: '#/components/schemas/installation' } },
};

/** Path values that are numbers; the others are texts. */
const numbers = /_id$|_number$/;
/** Path values that may hold slashes where they end a path. */
const open = /^\{(?:ref|branch|path)\}$/;

/** Reads the description once; it may be absent outside of the development environment. */
export function loadGithubContract(): GithubContract {
  if (!existsSync(address)) return { kind: 'no contracts' };
  const document: Document = JSON.parse(readFileSync(address, 'utf8'));
  const rows = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]): Row => {
        const title = `${method.toUpperCase()} ${path}`;
        return { title, method: method.toUpperCase(), parts: path.split('/'), operation };
      }),
  );
  const validators = createValidators(document);
  return { kind: 'contract', violations, answerViolations };

  function violations(request: ObservedRequest): readonly string[] {
    const parts = partsOf(request.path);
    const row = find(request.method, parts);
    if (row === undefined) return [`${request.method} ${request.path}: unknown operation`];
    const body = validators.body(row);
    return [
      ...pathViolations(row, parts),
      ...problemsOf(row.title, 'query', validators.query(row), request.query),
      ...(body === undefined
        ? request.body === undefined
          ? []
          : [`${row.title}: body where none is known`]
        : problemsOf(row.title, 'body', body, request.body ?? {})),
    ];
  }

  function answerViolations(answer: ObservedAnswer): readonly string[] {
    const row = find(answer.method, partsOf(answer.path));
    if (row === undefined || answer.status === 0 || answer.status >= 300) return [];
    const declared = validators.answer(row, answer.status);
    if (declared === 'undeclared') return [`${row.title}: status ${answer.status} is not declared`];
    if (declared === 'no body')
      return answer.answer === undefined ? [] : [`${row.title}: body where none is declared`];
    return problemsOf(row.title, `answer ${answer.status}`, declared, answer.answer);
  }

  function find(method: string, parts: readonly string[]): Row | undefined {
    return rows
      .filter((row) => row.method === method && fits(row.parts, parts))
      .sort(
        (one, other) => other.parts.length - one.parts.length || names(one.parts) - names(other.parts),
      )[0];
  }
}

/** Where a renamed repository is found, `/repositories/7`, stands for its name. */
function partsOf(path: string): readonly string[] {
  return path.replace(/^\/repositories\/\d+/, '/repos/owner/repo').split('/');
}

function fits(template: readonly string[], parts: readonly string[]): boolean {
  const last = template.at(-1) ?? '';
  if (open.test(last) ? parts.length < template.length : parts.length !== template.length) return false;
  return template.every((part, index) =>
    part.startsWith('{') ? parts[index] !== '' : part === parts[index],
  );
}

function names(template: readonly string[]): number {
  return template.filter((part) => part.startsWith('{')).length;
}

interface Validators {
  query(row: Row): ValidateFunction;
  body(row: Row): ValidateFunction | undefined;
  answer(row: Row, status: number): ValidateFunction | 'undeclared' | 'no body';
}

function createValidators(document: Document): Validators {
  const compiled = new Map<string, ValidateFunction>();
  const options = { strict: false, validateFormats: false, allErrors: true, inlineRefs: false } as const;
  const loose = new Ajv({ ...options, coerceTypes: 'array' });
  const exact = new Ajv(options);
  exact.addSchema({ $id: 'github', components: { schemas: translate(document.components.schemas) } });
  return { query, body, answer };

  function once(ajv: Ajv, key: string, schema: () => object): ValidateFunction {
    const validate = compiled.get(key) ?? ajv.compile(schema());
    compiled.set(key, validate);
    return validate;
  }

  function query(row: Row): ValidateFunction {
    return once(loose, `${row.title} query`, () => {
      const declared = (row.operation.parameters ?? [])
        .map((parameter) => resolve(document.components.parameters, parameter))
        .filter((parameter) => parameter.in === 'query');
      const properties = Object.fromEntries(declared.map((entry) => [entry.name, entry.schema ?? {}]));
      const required = declared.filter((entry) => entry.required === true).map((entry) => entry.name);
      const paging =
        'per_page' in properties ? { per_page: { type: 'integer', minimum: 1, maximum: 100 } } : {};
      return {
        type: 'object',
        properties: { ...properties, ...paging },
        required,
        additionalProperties: false,
      };
    });
  }

  function body(row: Row): ValidateFunction | undefined {
    const schema = row.operation.requestBody?.content?.['application/json']?.schema;
    if (schema === undefined) return undefined;
    return once(exact, `${row.title} body`, () => {
      const closed = strict(document, schema);
      const extra = limits[row.title] ?? {};
      const entries = Object.entries(closed.properties ?? {});
      const properties = entries.map(([name, property]) => [name, { ...property, ...extra[name] }]);
      return absolute({ ...closed, ...rules[row.title], properties: Object.fromEntries(properties) });
    });
  }

  function answer(row: Row, status: number): ValidateFunction | 'undeclared' | 'no body' {
    const declared = row.operation.responses[String(status)];
    if (declared === undefined) return 'undeclared';
    const title = `${row.title} ${status}`;
    const content = resolve(document.components.responses, declared).content?.['application/json'];
    const schema = corrections[title] ?? content?.schema;
    if (schema === undefined) return 'no body';
    return once(exact, title, () => absolute(translate(schema)));
  }
}

function pathViolations(row: Row, parts: readonly string[]): readonly string[] {
  return row.parts.flatMap((template, index) => {
    const name = template.slice(1, -1);
    const value = parts[index] ?? '';
    const wrong = template.startsWith('{') && numbers.test(name) && !/^[1-9]\d*$/.test(value);
    return wrong ? [`${row.title}: path ${name} is no number: ${value}`] : [];
  });
}

function problemsOf(
  title: string,
  where: string,
  validate: ValidateFunction,
  value: unknown,
): readonly string[] {
  if (validate(structuredClone(value))) return [];
  return (validate.errors ?? []).map((error) => {
    const extra: unknown = error.params['additionalProperty'];
    const field = typeof extra === 'string' ? `${error.instancePath}/${extra}` : error.instancePath;
    return `${title}: ${where}${field} ${error.message}`;
  });
}
