import { describe, expect, test } from 'vitest';
import { messageOf, RetryableError, UserError } from '../../../src/errors.ts';
import { withServer, type Answer } from './answering.ts';

const signal = new AbortController().signal;
const envelope = (code: number, message: string, told?: string): object => ({
  code,
  message,
  details:
    told === undefined ? [] : [{ '@type': 'type.googleapis.com/google.rpc.Status', code, message: told }],
});
const page = { 'content-type': 'text/html' };
const run = {
  runId: '7a9d1f6e-0000-4000-8000-000000000000',
  name: 'auto-mpg 1a2b3c4',
  experimentId: 'e1',
  description: '',
  version: { pipelineId: 'p1', versionId: 'v1' },
  parameters: {},
};

async function create(answer: Answer, token?: () => string): Promise<{ thrown: unknown; posts: number }> {
  return withServer(
    () => answer,
    async ({ pipelines, seen }) => {
      const thrown = await pipelines.createRun(run, signal).catch((error: unknown) => error);
      return { thrown, posts: seen.length };
    },
    () => (token ? { token } : {}),
  );
}

describe('errors of the API', () => {
  test.each<[string, Answer, string]>([
    [
      'a specification that does not compile',
      {
        status: 500,
        body: envelope(13, 'Failed to create a run: Failed to compile: no such task', 'no such task'),
      },
      'Kubeflow of prod answered 500 to POST /apis/v2beta1/runs: no such task',
    ],
    [
      'a specification that does not compile, told to nobody',
      {
        status: 500,
        body: envelope(13, 'InternalServerError: Failed to compile: no such task', 'Internal Server Error'),
      },
      'Kubeflow of prod answered 500 to POST /apis/v2beta1/runs: InternalServerError: Failed to compile: no such task',
    ],
    [
      'a workflow that is not valid',
      { status: 500, body: envelope(13, 'Failed to validate workflow for auto-mpg') },
      'Kubeflow of prod answered 500 to POST /apis/v2beta1/runs: Failed to validate workflow for auto-mpg',
    ],
    [
      'an envelope of an older server',
      {
        status: 400,
        body: {
          error: 'chain',
          code: 3,
          details: [{ error_message: 'unknown input lr', error_details: 'chain' }],
        },
      },
      'Kubeflow of prod answered 400 to POST /apis/v2beta1/runs: unknown input lr',
    ],
    [
      'a 409 that is not about names',
      { status: 409, body: envelope(10, 'BadRequestError: no', 'plugins_output is not yours') },
      'Kubeflow of prod answered 409 to POST /apis/v2beta1/runs: plugins_output is not yours',
    ],
    [
      'something that is not there',
      { status: 404, body: envelope(5, 'chain', 'PipelineVersion v1 not found') },
      'Kubeflow of prod answered 404 to POST /apis/v2beta1/runs: PipelineVersion v1 not found',
    ],
    [
      'a proxy that finds the request too long',
      { status: 413, headers: page, body: ' <html>no</html>' },
      'Kubeflow of prod answered 413 to POST /apis/v2beta1/runs',
    ],
  ])('%s — is refused for good, once', async (_title, answer, message) => {
    const { thrown, posts } = await create(answer);

    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ code: 'kubeflow-refused', message });
    expect(posts).toBe(1);
  });

  test.each<[string, Answer, string]>([
    [
      'a web server without the API',
      { status: 404, headers: page, body: '<html>nothing here</html>' },
      'Kubeflow of prod answered 404 to POST /apis/v2beta1/runs',
    ],
    [
      'a Kubernetes proxy without such a service',
      { status: 404, body: { kind: 'Status', code: 404, message: 'services "ml-pipeline" not found' } },
      'Kubeflow of prod answered 404 to POST /apis/v2beta1/runs: services "ml-pipeline" not found',
    ],
  ])('%s — is not the API: people have to look at the address', async (_title, answer, message) => {
    expect((await create(answer)).thrown).toMatchObject({ code: 'kubeflow-address', message });
  });

  test.each<[string, Answer, string]>([
    [
      'a login page',
      { headers: page, body: '<html>Log in</html>' },
      'answered 200 to POST /apis/v2beta1/runs with something that is no JSON',
    ],
    [
      'a way to a login page',
      { status: 302, headers: { location: 'https://dex.example.com/auth?client_id=kubeflow&state=abc' } },
      'answered 302 to POST /apis/v2beta1/runs (a redirect to https://dex.example.com)',
    ],
    [
      '401',
      { status: 401, body: envelope(16, 'chain', 'there is no user identity header') },
      'there is no user identity header',
    ],
    [
      '401 from a proxy',
      { status: 401, headers: page, body: '<html>401</html>' },
      'answered 401 to POST /apis/v2beta1/runs',
    ],
    [
      '403',
      { status: 403, body: envelope(7, 'chain', 'User x is not authorized') },
      'User x is not authorized',
    ],
    [
      '403 from the mesh',
      { status: 403, headers: { 'content-type': 'text/plain' }, body: 'RBAC: access denied' },
      'RBAC: access denied',
    ],
  ])('%s — means that we are not let in, and how to be', async (_title, answer, part) => {
    const { thrown, posts } = await create(answer);

    expect(thrown).toMatchObject({ code: 'kubeflow-unauthorised', message: expect.stringContaining(part) });
    const remedy = thrown instanceof UserError ? thrown.remedy : '';
    for (const way of ['single-user', 'pipelines.kubeflow.org', 'ingress']) expect(remedy).toContain(way);
    expect(String(thrown)).not.toContain('state=abc');
    expect(posts).toBe(1);
  });

  test.each<[string, Answer, number | undefined]>([
    ['429', { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' }, 7000],
    ['502 of a gateway', { status: 502, headers: page, body: '<html>502</html>' }, undefined],
    ['503', { status: 503, headers: { 'retry-after': 'Mon, 04 May 2026 10:01:00 GMT' } }, 60_000],
    ['504', { status: 504, body: 'upstream request timeout' }, undefined],
    ['code 14 below another status', { status: 500, body: envelope(14, 'endpoint not found') }, undefined],
    [
      'a 500 of the database',
      { status: 500, body: envelope(13, "Error 1062: Duplicate entry 'x'") },
      undefined,
    ],
    ['a 500 that is no JSON', { status: 500, headers: page, body: '<html>page not found</html>' }, undefined],
    ['a cut connection', 'drop', undefined],
  ])('%s — may pass, and is not repeated here', async (_title, answer, retryAfter) => {
    const { thrown, posts } = await create(answer);

    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ retryAfter });
    expect(posts).toBe(1);
  });

  test('nobody listens — it may pass', async () => {
    const thrown = await withServer(
      () => undefined,
      ({ pipelines }) => pipelines.createRun(run, signal).catch((error: unknown) => error),
      () => ({ url: 'http://127.0.0.1:1' }),
    );

    expect(thrown).toBeInstanceOf(RetryableError);
    expect(messageOf(thrown)).toContain('127.0.0.1:1 refuses connections');
  });

  test('a refusal that repeats our token — does not tell it, and is one line', async () => {
    const said = 'bad header Bearer very-secret-token\n\u001b[31mred';
    const { thrown } = await create({ status: 400, body: envelope(3, 'x', said) }, () => 'very-secret-token');

    expect(messageOf(thrown)).toBe(
      'Kubeflow of prod answered 400 to POST /apis/v2beta1/runs: bad header Bearer … [31mred',
    );
  });

  test('a run of that id — is there already — is what was wanted', async () => {
    const { thrown } = await create({ status: 409, body: envelope(6, 'chain', 'Run already exists') });

    expect(thrown).toBeUndefined();
  });

  test('an aborted job — asks nothing', async () => {
    await withServer(
      () => undefined,
      async ({ pipelines, seen }) => {
        const reason = new Error('stop');

        await expect(pipelines.createRun(run, AbortSignal.abort(reason))).rejects.toBe(reason);
        expect(seen).toEqual([]);
      },
    );
  });
});
