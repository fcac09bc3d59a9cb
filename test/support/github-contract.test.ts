import { describe, expect, test } from 'vitest';
import { loadGithubContract, type ObservedRequest } from './github-contract.ts';

const contract = loadGithubContract();
const repo = '/repos/acme/auto-mpg';
const sha = 'a'.repeat(40);
const runs = `${repo}/check-runs`;
const comments = `${repo}/issues/7/comments`;
const output = { title: 't', summary: 's' };
const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' };

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

function answerViolations(method: string, path: string, status: number, answer: unknown): readonly string[] {
  return contract.kind === 'contract' ? contract.answerViolations({ method, path, status, answer }) : [];
}

describe.skipIf(contract.kind === 'no contracts')(
  'the GitHub contract (skipped without ../shared/contracts)',
  () => {
    const right: readonly [string, ObservedRequest][] = [
      ['the App', request('GET', '/app')],
      [
        'installations, paged',
        request('GET', '/app/installations', undefined, { per_page: '100', page: '2' }),
      ],
      [
        'a narrowed token',
        request('POST', '/app/installations/5/access_tokens', {
          repository_ids: [1],
          permissions: { checks: 'write' },
        }),
      ],
      ['a repository', request('GET', repo)],
      ['a repository that was renamed', request('GET', '/repositories/7/pulls/3')],
      [
        'open pull requests',
        request('GET', `${repo}/pulls`, undefined, {
          state: 'open',
          sort: 'updated',
          direction: 'desc',
          per_page: '100',
        }),
      ],
      ['a branch with a slash', request('GET', `${repo}/branches/feature%2Fx`)],
      ['a ref with slashes', request('GET', `${repo}/git/ref/heads/feature/x`)],
      ['pull requests of a commit', request('GET', `${repo}/commits/${sha}/pulls`)],
      ['a check run', request('POST', runs, { name: 'gate', head_sha: sha, status: 'in_progress' })],
      ['an update', request('PATCH', `${runs}/5`, { output: { ...output, annotations: [annotation] } })],
      ['an end', request('PATCH', `${runs}/5`, { status: 'completed', conclusion: 'success', output })],
      [
        'check runs of a commit',
        request('GET', `${repo}/commits/${sha}/check-runs`, undefined, {
          check_name: 'gate',
          app_id: '5',
          filter: 'latest',
        }),
      ],
      [
        'a status',
        request('POST', `${repo}/statuses/${sha}`, { state: 'success', context: 'gate', target_url: null }),
      ],
      ['a comment', request('POST', comments, { body: 'x'.repeat(65_536) })],
      ['an edited comment', request('PATCH', `${repo}/issues/comments/9`, { body: 'x' })],
      [
        'missed deliveries',
        request('GET', '/app/hook/deliveries', undefined, { cursor: 'v1_1', per_page: '100' }),
      ],
      ['a redelivery', request('POST', '/app/hook/deliveries/9/attempts')],
    ];
    test.each(right)('%s: no violation', (_name, observed) => {
      expect(violations(observed)).toEqual([]);
    });

    const wrong: readonly [string, ObservedRequest, RegExp][] = [
      ['an unknown path', request('GET', `${repo}/nonsense`), /unknown operation/],
      ['an unknown method', request('DELETE', runs), /unknown operation/],
      [
        'an unknown query',
        request('GET', `${repo}/pulls`, undefined, { author: 'x' }),
        /query\/author must NOT have additional/,
      ],
      [
        'a wrong choice',
        request('GET', `${repo}/pulls`, undefined, { state: 'merged' }),
        /query\/state must be equal to one of/,
      ],
      [
        'a page too large',
        request('GET', `${repo}/pulls`, undefined, { per_page: '101' }),
        /query\/per_page must be <= 100/,
      ],
      [
        'an unknown field',
        request('POST', runs, { name: 'x', head_sha: sha, colour: 'red' }),
        /body\/colour must NOT have additional/,
      ],
      [
        'an unknown field inside',
        request('PATCH', `${runs}/5`, { output: { ...output, lines: 1 } }),
        /body\/output\/lines must NOT have/,
      ],
      [
        'an unknown field in a list',
        request('PATCH', `${runs}/5`, { output: { ...output, annotations: [{ ...annotation, level: 1 }] } }),
        /annotations\/0\/level must NOT/,
      ],
      [
        '51 annotations',
        request('PATCH', `${runs}/5`, {
          output: { ...output, annotations: Array.from({ length: 51 }, () => annotation) },
        }),
        /must NOT have more than 50 items/,
      ],
      [
        'a long summary',
        request('PATCH', `${runs}/5`, { output: { title: 't', summary: 'x'.repeat(65_536) } }),
        /summary must NOT have more than 65535/,
      ],
      [
        'a long description',
        request('POST', `${repo}/statuses/${sha}`, { state: 'success', description: 'x'.repeat(141) }),
        /description must NOT have more than 140/,
      ],
      [
        'a long comment',
        request('POST', comments, { body: 'x'.repeat(65_537) }),
        /body\/body must NOT have more than 65536/,
      ],
      ['a comment without a text', request('POST', comments, {}), /must have required property 'body'/],
      [
        'an id that is none',
        request('PATCH', `${repo}/issues/comments/undefined`, { body: 'x' }),
        /path comment_id is no number/,
      ],
      ['a body of a GET', request('GET', repo, { a: 1 }), /body where none is known/],
      [
        'too many repositories',
        request('POST', '/app/installations/5/access_tokens', {
          repository_ids: Array.from({ length: 501 }, (_, index) => index),
        }),
        /must NOT have more than 500 items/,
      ],
      [
        'an unknown permission',
        request('POST', '/app/installations/5/access_tokens', { permissions: { pulls: 'read' } }),
        /permissions\/pulls must NOT have/,
      ],
    ];
    test.each(wrong)('%s: one violation', (_name, observed, expected) => {
      expect(violations(observed)).toEqual([expect.stringMatching(expected)]);
    });

    test.each([
      ['created', request('POST', runs, { name: 'x', head_sha: sha, status: 'completed' })],
      ['changed', request('PATCH', `${runs}/5`, { status: 'completed' })],
    ])('%s as completed without a conclusion: a violation', (_name, observed) => {
      expect(violations(observed)).toContainEqual(expect.stringContaining("required property 'conclusion'"));
    });

    test.each([
      [
        'a field missing',
        'GET',
        `${repo}/git/ref/heads/x`,
        200,
        { ref: 'refs/heads/x' },
        /must have required property/,
      ],
      [
        'a field of another type',
        'POST',
        '/app/installations/5/access_tokens',
        201,
        { token: 7, expires_at: 'x' },
        /token must be string/,
      ],
      ['a status that is not declared', 'POST', runs, 200, {}, /status 200 is not declared/],
      [
        'a body where there is none',
        'DELETE',
        `${repo}/issues/comments/9`,
        204,
        {},
        /body where none is declared/,
      ],
    ] as const)('an answer with %s: a violation', (_name, method, path, status, answer, expected) => {
      expect(answerViolations(method, path, status, answer)[0]).toMatch(expected);
    });

    test.each([404, 422, 301, 0])('an answer of %i: no matter', (status) => {
      expect(answerViolations('GET', repo, status, { message: 'x' })).toEqual([]);
    });
  },
);
