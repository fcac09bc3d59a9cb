import { isList, isObject, listAt, textAt, type Json, type JsonObject } from '../json.ts';
import type { Predict } from '../kserve/model.ts';

/** What the model server answers. */
export interface ServedAnswer {
  readonly status: number;
  readonly body: Json;
}

/** A request below the service's address. */
export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  /** Undefined where it is no JSON object. */
  readonly body: JsonObject | undefined;
}

const datatypes = /^(?:BOOL|U?INT(?:8|16|32|64)|FP(?:16|32|64)|BYTES)$/;

/** The V1 protocol and the Open Inference Protocol, as KServe's Python servers speak both (specs kubeflow-kserve 5.9). */
export async function answerProtocol(
  request: ServedRequest,
  model: string,
  predict: Predict,
): Promise<ServedAnswer> {
  const { method, path } = request;
  const told = method === 'GET' ? aboutServer(path, model) : undefined;
  if (told !== undefined) return { status: 200, body: told };
  const route = /^\/(v1|v2)\/models\/([^/:]+)(:predict|\/infer|\/ready|\/versions\/[^/]+\/infer)?$/.exec(
    path,
  );
  const [, version, name, action = ''] = route ?? [];
  if (name === undefined) return { status: 404, body: { detail: 'Not Found' } };
  if (name !== model) return failed(404, `Model with name ${name} does not exist.`);
  if (version === 'v1' && action === '') return onlyGet(method, { name, ready: true });
  if (version === 'v2' && action === '') return onlyGet(method, metadata(name));
  if (version === 'v2' && action === '/ready') return onlyGet(method, { name, ready: true });
  if ((version === 'v1') !== (action === ':predict')) return { status: 404, body: { detail: 'Not Found' } };
  if (method !== 'POST') return { status: 405, body: { detail: 'Method Not Allowed' } };
  return version === 'v1' ? predictV1(request.body, predict) : inferV2(request.body, name, predict);
}

function aboutServer(path: string, model: string): Json | undefined {
  const answers: Readonly<Record<string, Json>> = {
    '/': { status: 'alive' },
    '/v1/models': { models: [model] },
    '/v2': { name: 'kserve', version: '0.15.0', extensions: ['model_repository_extension'] },
    '/v2/health/live': { live: true },
    '/v2/health/ready': { ready: true },
  };
  return Object.hasOwn(answers, path) ? answers[path] : undefined;
}

function metadata(name: string): Json {
  return { name, platform: '', inputs: [], outputs: [] };
}

function onlyGet(method: string, body: Json): ServedAnswer {
  return method === 'GET' ? { status: 200, body } : { status: 405, body: { detail: 'Method Not Allowed' } };
}

function failed(status: number, error: string): ServedAnswer {
  return { status, body: { error } };
}

async function predictV1(body: JsonObject | undefined, predict: Predict): Promise<ServedAnswer> {
  if (body === undefined) return failed(400, 'Unrecognized request format: the body is no JSON object');
  if (!isList(body['instances']) && !isList(body['inputs'])) {
    return failed(400, 'Expected "instances" or "inputs" to be a list');
  }
  return outcome(async () => predict(body, 'v1'));
}

async function inferV2(body: JsonObject | undefined, model: string, predict: Predict): Promise<ServedAnswer> {
  if (body === undefined) return failed(400, 'Unrecognized request format: the body is no JSON object');
  const inputs = listAt(body, 'inputs');
  if (inputs.length === 0) return failed(400, 'inputs: field required');
  for (const input of inputs) {
    const problem = tensorProblem(input);
    if (problem !== undefined) return failed(400, problem);
  }
  return outcome(async () => {
    const answer = await predict(body, 'v2');
    const id = textAt(body, 'id') ?? '';
    return isObject(answer) ? { model_name: model, id, ...answer } : answer;
  });
}

function tensorProblem(input: Json): string | undefined {
  const name = textAt(input, 'name');
  if (!isObject(input) || name === undefined) return 'inputs: name: field required';
  if (!datatypes.test(textAt(input, 'datatype') ?? '')) return `inputs: ${name}: unknown datatype`;
  const shape = listAt(input, 'shape').map(Number);
  const size = shape.reduce((product, length) => product * length, 1);
  const count = flat(listAt(input, 'data')).length;
  if (size === count) return undefined;
  return `inputs: ${name}: shape [${shape.join(', ')}] does not fit ${count} elements`;
}

function flat(data: readonly Json[]): readonly Json[] {
  return data.flatMap((item) => (isList(item) ? flat(item) : [item]));
}

async function outcome(predict: () => Promise<Json>): Promise<ServedAnswer> {
  try {
    return { status: 200, body: await predict() };
  } catch (error) {
    return failed(500, error instanceof Error ? error.message : 'unknown error');
  }
}
