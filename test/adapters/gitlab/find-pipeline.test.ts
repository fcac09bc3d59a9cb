import { describe, expect, test } from 'vitest';
import { createGitlabClient } from '../../../src/adapters/gitlab/client.ts';
import { choosePipeline, findPipeline } from '../../../src/adapters/gitlab/find-pipeline.ts';
import type { Change } from '../../../src/domain/change.ts';
import { toSha } from '../../../src/domain/repository.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';

const head = 'a'.repeat(40);
const old = 'b'.repeat(40);

describe('the pipeline that decides', () => {
  test.each<[string, readonly [number, string, string?][], number | undefined]>([
    ['there is none', [], undefined],
    ['only older commits have one', [[9, old, 'merge_request_event']], undefined],
    ['a branch pipeline', [[3, head, 'push']], 3],
    [
      'two branch pipelines, in whatever order: the newest',
      [
        [3, head, 'push'],
        [5, head, 'web'],
        [4, head, 'push'],
      ],
      5,
    ],
    [
      'a merge-request pipeline goes before a newer branch pipeline',
      [
        [5, head, 'push'],
        [4, head, 'merge_request_event'],
      ],
      4,
    ],
    [
      'two merge-request pipelines: the newest',
      [
        [4, head, 'merge_request_event'],
        [6, head, 'merge_request_event'],
        [7, old, 'merge_request_event'],
      ],
      6,
    ],
    ['an old version that tells no source', [[3, head]], 3],
  ])('%s', (_, pipelines, expected) => {
    const found = pipelines.map(([id, sha, source]) => ({ id, sha, source }));

    expect(choosePipeline(found, head)?.id).toBe(expected);
  });
});

describe('waiting for it', () => {
  test('CI is switched off in the project — nothing is waited for', async () => {
    const server = await startScriptedServer([{ status: 403, body: '{"message":"403 Forbidden"}' }]);
    const dispatchers = createDispatchers();
    const pauses: number[] = [];
    const clock = {
      now: () => new Date(),
      sleep: async (ms: number) => void pauses.push(ms),
      after: () => () => {},
    };
    const client = createGitlabClient(
      { id: 'corp', url: server.url, token: () => 't' },
      { clock, dispatchers },
    );

    const found = await findPipeline({ client, clock, change, tries: 3 }, new AbortController().signal);

    expect(found).toBeUndefined();
    expect(pauses).toEqual([]);
    await dispatchers.close();
    await server.close();
  });
});

const sha = toSha(head);
if (sha === undefined) throw new Error('no commit id');
const change: Change = {
  repository: { host: 'corp', id: '7', path: 'ml/auto-mpg' },
  number: 3,
  title: 'A change',
  url: 'https://gitlab.example.com/ml/auto-mpg/-/merge_requests/3',
  state: 'open',
  draft: false,
  head: sha,
  headRef: 'refs/merge-requests/3/head',
  source: { repositoryId: '7', branch: 'feature', fork: false },
  targetBranch: 'main',
};
