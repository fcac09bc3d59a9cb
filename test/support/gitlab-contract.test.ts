import { describe, expect, test } from 'vitest';
import { loadGitlabContract, type ObservedRequest } from './gitlab-contract.ts';

const contract = loadGitlabContract();
const project = '/api/v4/projects/7';
const encoded = '/api/v4/projects/ml%2Fauto-mpg';
const status = `${project}/statuses/${'a'.repeat(40)}`;
const notes = `${project}/merge_requests/1/notes`;

function request(
  method: string,
  path: string,
  body?: unknown,
  query: Record<string, string> = {},
): ObservedRequest {
  return { method, path, query, body };
}

function violations(observed: ObservedRequest): readonly string[] {
  return contract.kind === 'contract' ? contract.violations(observed) : [];
}

describe.skipIf(contract.kind === 'no contracts')(
  'the GitLab contract (skipped without ../shared/contracts)',
  () => {
    const right: readonly [string, ObservedRequest][] = [
      ['own user', request('GET', '/api/v4/user')],
      ['project by path', request('GET', encoded)],
      ['branch with a slash', request('GET', `${encoded}/repository/branches/feature%2Fx`)],
      [
        'open merge requests, paged',
        request('GET', `${project}/merge_requests`, undefined, {
          state: 'opened',
          order_by: 'updated_at',
          per_page: '100',
          page: '2',
        }),
      ],
      [
        'pipelines of a merge request',
        request('GET', `${project}/merge_requests/1/pipelines`, undefined, { per_page: '20' }),
      ],
      [
        'status',
        request('POST', status, {
          state: 'running',
          name: 'modelgate',
          ref: 'x',
          target_url: 'https://x',
          description: 'd',
        }),
      ],
      [
        'status in a pipeline',
        request('POST', status, { state: 'success', context: 'modelgate', pipeline_id: 4 }),
      ],
      ['note', request('POST', notes, { body: 'text' })],
      ['edited note', request('PUT', `${notes}/5`, { body: 'text' })],
      ['deleted note', request('DELETE', `${notes}/5`)],
      [
        'notes, oldest first',
        request('GET', notes, undefined, { sort: 'asc', order_by: 'created_at', per_page: '100' }),
      ],
      ['emoji', request('POST', `${notes}/5/award_emoji`, { name: 'eyes' })],
      ['member', request('GET', `${project}/members/all/12`)],
      ['hooks', request('GET', `${project}/hooks`)],
    ];
    test.each(right)('%s: no violation', (_name, observed) => {
      expect(violations(observed)).toEqual([]);
    });

    const wrong: readonly [string, ObservedRequest, RegExp][] = [
      ['unknown path', request('GET', `${project}/nonsense`), /unknown operation/],
      ['unknown method', request('DELETE', status), /unknown operation/],
      ['path not encoded', request('GET', '/api/v4/projects/ml/auto-mpg'), /unknown operation/],
      [
        'unknown query',
        request('GET', `${project}/merge_requests`, undefined, { status: 'opened' }),
        /query\/status must NOT have additional/,
      ],
      [
        'wrong choice',
        request('GET', `${project}/merge_requests`, undefined, { state: 'open' }),
        /query\/state must be equal to one of/,
      ],
      [
        'page too large',
        request('GET', `${project}/merge_requests`, undefined, { per_page: '500' }),
        /query\/per_page must be <= 100/,
      ],
      [
        'unknown body field',
        request('POST', status, { state: 'running', detail: 1 }),
        /body\/detail must NOT have additional/,
      ],
      [
        'missing state',
        request('POST', status, { name: 'modelgate' }),
        /body must have required property 'state'/,
      ],
      [
        'unknown state',
        request('POST', status, { state: 'cancelled' }),
        /body\/state must be equal to one of/,
      ],
      [
        'long description',
        request('POST', status, { state: 'failed', description: 'x'.repeat(256) }),
        /body\/description must NOT have more than 255/,
      ],
      [
        'long target url',
        request('POST', status, { state: 'failed', target_url: `https://x/${'x'.repeat(255)}` }),
        /body\/target_url must NOT have more than 255/,
      ],
      [
        'pipeline id as text',
        request('POST', status, { state: 'failed', pipeline_id: '4' }),
        /body\/pipeline_id must be integer/,
      ],
      ['note without body', request('POST', notes, {}), /body must have required property 'body'/],
      [
        'no note id',
        request('PUT', `${notes}/undefined`, { body: 'x' }),
        /path note_id is no number: undefined/,
      ],
      ['body of a GET', request('GET', '/api/v4/user', { a: 1 }), /body where none is known/],
    ];
    test.each(wrong)('%s: one violation', (_name, observed, expected) => {
      expect(violations(observed)).toEqual([expect.stringMatching(expected)]);
    });
  },
);
