import { describe, expect, test } from 'vitest';
import { createPipelinesOf } from '../../src/compose/pipelines.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createDispatchers } from '../../src/net/dispatchers.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { startScriptedServer } from '../support/scripted-server.ts';

const signal = new AbortController().signal;

function load(environments: object) {
  const kept = { hosts: [], environments };
  return loadConfig({
    path: 'modelgate.yaml',
    env: {},
    readFile: () => JSON.stringify(kept),
    fileSecret: () => () => 'token-of-the-file',
    addSecret: () => undefined,
  });
}

describe('createPipelinesOf', () => {
  test('environments — those with a Kubeflow — each have their own, with its token', async () => {
    const server = await startScriptedServer([
      { status: 404, body: '{"code":5,"message":"Run r not found"}' },
      { status: 404, body: '{"code":5,"message":"Run r not found"}' },
    ]);
    const dispatchers = createDispatchers();
    const config = load({
      prod: {
        repositories: ['ml/auto-mpg'],
        kubeflow: {
          url: `${server.url}/pipeline`,
          namespace: 'ml',
          token: 'file:/run/token',
          ui: 'https://ui/pipeline',
        },
      },
      lab: { repositories: ['ml/*'], kubeflow: { url: 'http://ml-pipeline:8888', namespace: 'lab' } },
      bare: { repositories: ['ml/*'] },
    });
    const pipelinesOf = createPipelinesOf({ config, clock: createHandClock(), dispatchers }, undefined);
    await pipelinesOf('prod')?.terminate('r', signal);
    await dispatchers.close();
    await server.close();

    expect(server.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/pipeline/apis/v2beta1/runs/r:terminate', 'Bearer token-of-the-file'],
      ['/pipeline/apis/v2beta1/runs/r', 'Bearer token-of-the-file'],
    ]);
    expect(pipelinesOf('prod')?.runUrl('r')).toBe('https://ui/pipeline/#/runs/details/r');
    expect(pipelinesOf('lab')?.runUrl('r')).toBe('http://ml-pipeline:8888/#/runs/details/r');
    expect(pipelinesOf('bare')).toBeUndefined();
    expect(pipelinesOf('none')).toBeUndefined();
  });
});
