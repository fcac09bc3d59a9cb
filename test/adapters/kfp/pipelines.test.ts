import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RetryableError, UserError } from '../../../src/errors.ts';
import { startAnswering, withServer, type Answer, type SeenRequest } from './answering.ts';

const signal = new AbortController().signal;
const absent: Answer = { status: 404, body: { code: 5, message: 'not found' } };
const taken: Answer = {
  status: 409,
  body: { error_message: 'Failed to create a pipeline version', error_details: '' },
};
const wanted = {
  pipeline: 'ml/auto mpg',
  version: '1a2b3c4-0123',
  description: 'sha256:0123',
  yaml: 'a: ä\n',
};
const query = { runId: '7a9d1f6e-0000-4000-8000-000000000000', name: 'auto-mpg 1a2b3c4', experimentId: 'e1' };

function route(request: SeenRequest): string {
  return `${request.method} ${request.path.replace('/apis/v2beta1', '')}`;
}

describe('where the API is', () => {
  test.each(['/pipeline', '/pipeline/', '/api/v1/namespaces/kubeflow/services/ml-pipeline:http/proxy/'])(
    'below %s — every request goes there',
    async (prefix) => {
      await withServer(
        () => absent,
        async ({ pipelines, seen }) => {
          await pipelines.terminate('r1', signal);

          expect(seen.map(({ path }) => path)).toEqual([
            `${prefix.replace(/\/$/, '')}/apis/v2beta1/runs/r1:terminate`,
            `${prefix.replace(/\/$/, '')}/apis/v2beta1/runs/r1`,
          ]);
        },
        (url) => ({ url: `${url}${prefix}` }),
      );
    },
  );

  test.each([
    [undefined, 'http://ml-pipeline:8888/#/runs/details/r%2F1'],
    ['https://kubeflow.example.com/pipeline/', 'https://kubeflow.example.com/pipeline/#/runs/details/r%2F1'],
  ])('pages at %s — the address of a run — is there', async (ui, address) => {
    await withServer(
      () => undefined,
      async ({ pipelines }) => expect(pipelines.runUrl('r/1')).toBe(address),
      () => ({ url: 'http://ml-pipeline:8888', ui }),
    );
  });
});

describe('who we are', () => {
  test('a token that changes — is read for each request', async () => {
    let number = 0;
    await withServer(
      () => absent,
      async ({ pipelines, seen }) => {
        await pipelines.terminate('r1', signal);

        expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
      },
      () => ({ token: () => `token-${(number += 1)}` }),
    );
  });

  test('no token — nothing is presented', async () => {
    await withServer(
      () => absent,
      async ({ pipelines, seen }) => {
        await pipelines.terminate('r1', signal);

        expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
      },
    );
  });
});

describe('namespaces', () => {
  test.each([
    ['with profiles', true, 'ml'],
    ['without profiles', false, undefined],
  ])('a server %s — asked twice for versions — told once of itself', async (_title, multiUser, namespace) => {
    const health = { body: multiUser ? { multi_user: true } : {} };
    await withServer(
      (request) => (route(request) === 'GET /healthz' ? health : absent),
      async ({ pipelines, seen }) => {
        expect(await pipelines.findVersion('auto-mpg', 'v', signal)).toBeUndefined();
        expect(await pipelines.findVersion('auto-mpg', 'v', signal)).toBeUndefined();

        expect(seen.map(route)).toEqual([
          'GET /healthz',
          'GET /pipelines/names/auto-mpg',
          'GET /pipelines',
          'GET /pipelines/names/auto-mpg',
          'GET /pipelines',
        ]);
        expect(seen.slice(1).map((request) => request.query['namespace'])).toEqual(Array(4).fill(namespace));
      },
    );
  });
});

describe('versions', () => {
  const listed = {
    pipelines: [
      { pipeline_id: 'p2', display_name: 'ML/AUTO MPG' },
      { pipeline_id: 'p1', display_name: 'ml/auto mpg' },
    ],
  };

  test.each<[string, Answer]>([
    ['does not know the way', { status: 501, body: { code: 12, message: 'Not Implemented' } }],
    ['says no', absent],
    ['says no by 500', { status: 500, body: { code: 13, message: 'Pipeline ml/auto mpg not found' } }],
  ])('the name — the server %s — the list is believed, but for other names in it', async (_title, byName) => {
    await withServer(
      (request) => {
        if (route(request) === 'GET /pipelines/names/ml%2Fauto%20mpg') return byName;
        if (route(request) === 'GET /pipelines') return { body: listed };
        if (route(request) !== 'GET /pipelines/p1/versions') return undefined;
        const versions = [
          { pipeline_version_id: 'v2', name: '1A2B3C4-0123' },
          { pipeline_version_id: 'v1', name: '1a2b3c4-0123', description: 'sha256:0123' },
        ];
        return { body: { pipeline_versions: versions } };
      },
      async ({ pipelines, seen }) => {
        const found = await pipelines.findVersion(wanted.pipeline, wanted.version, signal);

        expect(found).toEqual({ pipelineId: 'p1', versionId: 'v1', description: 'sha256:0123' });
        expect(JSON.parse(seen.at(-1)?.query['filter'] ?? '')).toEqual({
          predicates: [{ operation: 'EQUALS', key: 'name', string_value: '1a2b3c4-0123' }],
        });
      },
    );
  });

  test('a new pipeline — is uploaded, and then its version', async () => {
    await withServer(
      (request) => {
        if (request.method === 'GET') return request.path.includes('/names/') ? absent : undefined;
        return { body: { pipeline_id: 'p1', pipeline_version_id: 'v1' } };
      },
      async ({ pipelines, seen }) => {
        await pipelines.uploadVersion(wanted, signal);

        const posts = seen.filter(({ method }) => method === 'POST');
        expect(posts.map((post) => [route(post), post.query])).toEqual([
          ['POST /pipelines/upload', { name: 'ml/auto mpg', description: 'Uploaded by modelgate.' }],
          [
            'POST /pipelines/upload_version',
            { pipelineid: 'p1', name: '1a2b3c4-0123', description: 'sha256:0123' },
          ],
        ]);
        for (const { body } of posts) {
          expect(body).toContain('name="uploadfile"; filename="pipeline.yaml"');
          expect(body).toContain('\r\n\r\na: ä\n\r\n');
        }
      },
    );
  });

  test.each<[string, Answer]>([
    ['409', taken],
    [
      '500, as servers before 2.2',
      { status: 500, body: { error_message: 'The name x already exist.', error_details: '' } },
    ],
  ])('a version that is there — %s — is no trouble', async (_title, answer) => {
    await withServer(
      (request) => {
        if (request.method === 'POST') return answer;
        return request.path.includes('/names/') ? { body: { pipeline_id: 'p1' } } : undefined;
      },
      async ({ pipelines, seen }) => {
        await pipelines.uploadVersion(wanted, signal);

        expect(seen.map(route).at(-1)).toBe('POST /pipelines/upload_version');
      },
    );
  });

  test('a pipeline that another made meanwhile — is looked up again', async () => {
    let made = false;
    await withServer(
      (request) => {
        if (request.path.includes('/names/')) return made ? { body: { pipeline_id: 'p7' } } : absent;
        if (route(request) !== 'POST /pipelines/upload') return undefined;
        made = true;
        return taken;
      },
      async ({ pipelines, seen }) => {
        await pipelines.uploadVersion(wanted, signal);

        expect(seen.at(-1)?.query['pipelineid']).toBe('p7');
      },
    );
  });

  test('a pipeline that is there and is not shown — may be shown later', async () => {
    await withServer(
      (request) => {
        if (request.path.includes('/names/')) return absent;
        return request.method === 'POST' ? taken : undefined;
      },
      async ({ pipelines }) => {
        await expect(pipelines.uploadVersion(wanted, signal)).rejects.toBeInstanceOf(RetryableError);
      },
    );
  });

  test.each([
    ['Failed to create a pipeline version due to authorization error', 'kubeflow-unauthorised'],
    ['unknown template format', 'kubeflow-refused'],
  ])('an upload that is refused by 400 for «%s» — is %s', async (said, code) => {
    await withServer(
      (request) => {
        if (request.method === 'POST')
          return { status: 400, body: { error_message: said, error_details: said } };
        return request.path.includes('/names/') ? { body: { pipeline_id: 'p1' } } : undefined;
      },
      async ({ pipelines }) => {
        await expect(pipelines.uploadVersion(wanted, signal)).rejects.toMatchObject({
          code,
          message: `Kubeflow of prod answered 400 to POST /apis/v2beta1/pipelines/upload_version: ${said}`,
        });
      },
    );
  });
});

describe('experiments', () => {
  test('one that another made meanwhile — is looked up again', async () => {
    let made = false;
    await withServer(
      (request) => {
        if (request.path.endsWith('/healthz')) return { body: { multi_user: true } };
        if (request.method === 'GET')
          return { body: made ? { experiments: [{ experiment_id: 'e1', display_name: 'auto-mpg' }] } : {} };
        made = true;
        return { status: 409, body: { code: 6, message: 'Already exist error' } };
      },
      async ({ pipelines, seen }) => {
        expect(await pipelines.experiment('auto-mpg', signal)).toBe('e1');
        expect(seen.find(({ method }) => method === 'POST')?.body).toContain('"namespace":"ml"');
      },
    );
  });
});

describe('runs', () => {
  const row = {
    run_id: 'r9',
    display_name: 'auto-mpg 1a2b3c4',
    state: 'RUNNING',
    created_at: '2026-05-04T10:00:00Z',
    finished_at: '1970-01-01T00:00:00Z',
  };

  test('a server that chose an id of its own — the newest of the name in the experiment — is it', async () => {
    await withServer(
      (request) => {
        if (route(request) === `GET /runs/${query.runId}`) return absent;
        if (route(request) === 'GET /runs/r9')
          return { body: { ...row, state: 'SUCCEEDED', finished_at: '2026-05-04T11:00:00Z' } };
        return { body: { runs: [row, { ...row, run_id: 'r8' }] } };
      },
      async ({ pipelines, seen }) => {
        expect(await pipelines.findRun(query, signal)).toEqual({
          id: 'r9',
          name: 'auto-mpg 1a2b3c4',
          state: 'succeeded',
          created: '2026-05-04T10:00:00.000Z',
          finished: '2026-05-04T11:00:00.000Z',
          trouble: undefined,
          tasks: [],
        });
        expect(seen[1]?.query).toEqual({
          experiment_id: 'e1',
          page_size: '200',
          sort_by: 'created_at desc',
          filter: JSON.stringify({
            predicates: [{ operation: 'EQUALS', key: 'display_name', string_value: query.name }],
          }),
        });
      },
    );
  });

  test.each<[string, object, object]>([
    ['that goes on', {}, { state: 'running', finished: undefined }],
    ['without details, as servers without MLMD', { run_details: undefined }, { tasks: [] }],
    ['with details of another kind', { run_details: { task_details: 'many' } }, { tasks: [] }],
    ['with tasks elsewhere', { tasks: [{ task_id: 't' }], task_count: 1 }, { tasks: [] }],
    [
      'that the server cannot convert',
      { state: undefined, display_name: undefined, error: { message: 'Failed to parse runtime config' } },
      { state: 'unknown', name: '', trouble: 'Failed to parse runtime config' },
    ],
    [
      'whose state came with a reason',
      {
        state: 'FAILED',
        state_history: [
          { update_time: '2026-05-04T12:00:00Z', state: 'FAILED', error: { message: 'deadline' } },
        ],
      },
      { state: 'failed', finished: '2026-05-04T12:00:00.000Z', trouble: 'deadline' },
    ],
    ['in a state of the future', { state: 'HIBERNATING' }, { state: 'unknown' }],
  ])('a run %s — is read', async (_title, more, expected) => {
    await withServer(
      () => ({ body: { ...row, ...more } }),
      async ({ pipelines }) => {
        expect(await pipelines.findRun(query, signal)).toMatchObject(expected);
      },
    );
  });

  test('a run — is asked for with all that was configured', async () => {
    await withServer(
      () => ({ body: row }),
      async ({ pipelines, seen }) => {
        const version = { pipelineId: 'p1', versionId: 'v1' };
        await pipelines.createRun(
          { ...query, description: 'for 1a2b3c4', version, parameters: { lr: 0.1, fast: true } },
          signal,
        );

        expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
          run_id: query.runId,
          display_name: query.name,
          description: 'for 1a2b3c4',
          experiment_id: 'e1',
          pipeline_version_reference: { pipeline_id: 'p1', pipeline_version_id: 'v1' },
          runtime_config: { parameters: { lr: 0.1, fast: true }, pipeline_root: 's3://runs/' },
          service_account: 'runner',
        });
      },
      () => ({ serviceAccount: 'runner', pipelineRoot: 's3://runs/' }),
    );
  });

  test.each([
    ['over', 'SUCCEEDED', undefined],
    ['ending', 'CANCELING', undefined],
    ['going on', 'RUNNING', 'kubeflow-refused'],
  ])('a run that cannot be terminated — is %s — it depends', async (_title, state, code) => {
    const answer = { status: 400, body: { code: 3, message: 'Row not found' } };
    await withServer(
      (request) => (request.method === 'POST' ? answer : { body: { ...row, state } }),
      async ({ pipelines }) => {
        const thrown = await pipelines.terminate('r9', signal).catch((error: unknown) => error);

        expect(thrown instanceof UserError ? thrown.code : thrown).toBe(code);
      },
    );
  });
});

describe('anything that a server may answer', () => {
  test('is understood, or is one of the two kinds of trouble', async () => {
    let answer: Answer = {};
    const world = await startAnswering(() => answer);
    const { pipelines } = world;
    const version = { pipelineId: 'p', versionId: 'v' };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => pipelines.findVersion('p', 'v', signal),
      () => pipelines.uploadVersion(wanted, signal),
      () => pipelines.experiment('e', signal),
      () => pipelines.findRun(query, signal),
      () => pipelines.createRun({ ...query, description: '', version, parameters: {} }, signal),
      () => pipelines.terminate('r', signal),
      () => pipelines.logTail('r', 'w-system-container-impl-1', 10, signal),
    ];
    const field = fc.constantFrom(
      'run_id',
      'pipeline_id',
      'experiments',
      'experiment_id',
      'display_name',
      'run_details',
      'task_details',
      'pipelines',
      'pipeline_versions',
      'runs',
      'code',
      'message',
      'details',
      'state',
      'error',
    );
    const json = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        tie('record'),
        fc.array(tie('record'), { maxLength: 2 }),
      ),
      record: fc.dictionary(field, tie('any'), { maxKeys: 5 }),
    })).any;
    const status = fc.constantFrom(200, 200, 200, 204, 302, 400, 401, 404, 409, 418, 429, 500, 503);
    try {
      await fc.assert(
        fc.asyncProperty(json, status, fc.nat(calls.length - 1), async (body, status, call) => {
          answer = { status, body: status === 204 ? '' : JSON.stringify(body) };
          const thrown = await calls[call]!().then(
            () => undefined,
            (error: unknown) => error,
          );
          expect(
            thrown === undefined || thrown instanceof RetryableError || thrown instanceof UserError,
          ).toBe(true);
        }),
        { numRuns: 400 },
      );
    } finally {
      await world.close();
    }
  });
});
