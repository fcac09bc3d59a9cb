import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalise } from '../../../src/adapters/github/normalise.ts';
import { createGithubReceiver } from '../../../src/adapters/github/receiver.ts';
import { parseCommand } from '../../../src/commands/parse-command.ts';
import type { Event } from '../../../src/domain/event.ts';
import type { Received } from '../../../src/ports/host.ts';
import {
  checkRunHook,
  checkSuiteHook,
  commentHook,
  head,
  hookSecret,
  mergeGroupHook,
  noCommit,
  otherHead,
  pullRequestHook,
  pushHook,
  queueBranch,
  signed,
} from './deliveries.ts';

const audience = { id: 'hub', repositories: (path: string) => path.startsWith('acme/') };
const receiver = createGithubReceiver({
  ...audience,
  url: 'https://github.com',
  secrets: () => [hookSecret],
});
const repository = { host: 'hub', id: '7', path: 'acme/auto-mpg' };

function receive(name: string, body: unknown): Received {
  return receiver.receive(signed(name, body), new Date(0));
}

function eventOf(name: string, body: unknown): Event | undefined {
  const received = receive(name, body);
  return received.kind === 'event' ? received.event : undefined;
}

const button = (identifier: string | undefined): object => ({
  ...checkRunHook,
  action: 'requested_action',
  requested_action: { identifier },
});
const rerun = { kind: 'rerun-asked', repository, sha: head, branch: undefined, personId: 'ada' };
const queueSuite = { check_suite: { head_sha: head, head_branch: queueBranch } };
const moved = { kind: 'branch-moved', repository, branch: 'feature/x', before: otherHead, after: head };

describe('events', () => {
  test.each<[string, string, object, object]>([
    [
      'a pull request',
      'pull_request',
      pullRequestHook,
      { kind: 'change-touched', repository, number: 3, head },
    ],
    [
      'a pull request whose head is garbled',
      'pull_request',
      { ...pullRequestHook, pull_request: { number: 3, head: { sha: '' } } },
      { kind: 'change-touched', repository, number: 3, head: undefined },
    ],
    [
      'a merge group',
      'merge_group',
      mergeGroupHook,
      { kind: 'merge-group-touched', repository, branch: queueBranch, head },
    ],
    [
      'a merge group that was destroyed',
      'merge_group',
      { ...mergeGroupHook, action: 'destroyed', reason: 'invalidated' },
      { kind: 'merge-group-touched', repository, branch: queueBranch, head },
    ],
    ['a push', 'push', pushHook, moved],
    ['a new branch', 'push', { ...pushHook, before: noCommit }, { ...moved, before: undefined }],
    [
      'a deleted branch of a SHA-256 repository',
      'push',
      { ...pushHook, before: 'c'.repeat(64), after: '0'.repeat(64) },
      { ...moved, before: 'c'.repeat(64), after: undefined },
    ],
    [
      'a command',
      'issue_comment',
      commentHook,
      { kind: 'command-given', repository, number: 3, commentId: '99' },
    ],
    [
      'a command of somebody whose account is gone',
      'issue_comment',
      { ...commentHook, comment: { ...commentHook.comment, user: null } },
      { kind: 'command-given', repository, number: 3, commentId: '99' },
    ],
    ['"Re-run" at our check', 'check_run', checkRunHook, rerun],
    ['our button', 'check_run', button('retest'), rerun],
    [
      '"Re-run" at our check of a merge group',
      'check_run',
      { ...checkRunHook, check_run: { ...checkRunHook.check_run, ...queueSuite } },
      { ...rerun, branch: queueBranch },
    ],
    [
      '"Re-run" at our check of a fork, whose suite names no branch',
      'check_run',
      { ...checkRunHook, check_run: { ...checkRunHook.check_run, check_suite: { head_branch: null } } },
      rerun,
    ],
    ['"Re-run all checks"', 'check_suite', checkSuiteHook, rerun],
    [
      '"Re-run all checks" of a merge group',
      'check_suite',
      { ...checkSuiteHook, ...queueSuite },
      { ...rerun, branch: queueBranch },
    ],
    ['an installation', 'installation', { action: 'created' }, { kind: 'access-changed', host: 'hub' }],
    [
      'new permissions',
      'installation',
      { action: 'new_permissions_accepted' },
      { kind: 'access-changed', host: 'hub' },
    ],
    [
      'more repositories',
      'installation_repositories',
      { action: 'added' },
      { kind: 'access-changed', host: 'hub' },
    ],
  ])('%s — is told in the words of the domain', (_, name, body, event) => {
    expect(eventOf(name, body)).toEqual(event);
  });

  test.each([
    'opened',
    'reopened',
    'synchronize',
    'ready_for_review',
    'converted_to_draft',
    'edited',
    'labeled',
    'unlabeled',
    'closed',
    'enqueued',
    'dequeued',
    'stacked',
    'something-new',
  ])('a pull request — %s — pokes its change', (action) => {
    expect(eventOf('pull_request', { ...pullRequestHook, action })?.kind).toBe('change-touched');
  });
});

test('any comment — is told when it can be read as a command', () => {
  const part = fc.constantFrom('/modelgate', 'retest', ' ', '\t', '\n', '\r\n', '\u2028', '\u00a0', 'x', '');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const body = parts.join('');
      const comment = { ...commentHook.comment, body };
      const told = eventOf('issue_comment', { ...commentHook, comment })?.kind === 'command-given';
      expect(told || parseCommand(body) === undefined).toBe(true);
    }),
  );
});

describe('what is not for us', () => {
  test.each<[string, string, object]>([
    [
      'a repository that is not configured',
      'push',
      { ...pushHook, repository: { id: 7, full_name: 'web/x' } },
    ],
    ['a tag', 'push', { ...pushHook, ref: 'refs/tags/v1' }],
    ['an edited command', 'issue_comment', { ...commentHook, action: 'edited' }],
    ['a deleted command', 'issue_comment', { ...commentHook, action: 'deleted' }],
    ['a command below an issue', 'issue_comment', { ...commentHook, issue: { number: 3 } }],
    [
      'a command of an App',
      'issue_comment',
      { ...commentHook, comment: { ...commentHook.comment, user: { type: 'Bot' } } },
    ],
    [
      'a comment that quotes a command',
      'issue_comment',
      { ...commentHook, comment: { ...commentHook.comment, body: '> /modelgate retest' } },
    ],
    ['the button of another', 'check_run', button('deploy')],
    ['a button without a name', 'check_run', button(undefined)],
    ['our own check, made', 'check_run', { ...checkRunHook, action: 'created' }],
    ['our own check, ended', 'check_run', { ...checkRunHook, action: 'completed' }],
    [
      'another check of the App',
      'check_run',
      { ...checkRunHook, check_run: { ...checkRunHook.check_run, name: 'lint' } },
    ],
    ['a suite that a push made', 'check_suite', { ...checkSuiteHook, action: 'requested' }],
    ['an installation that is gone', 'installation', { action: 'deleted' }],
    ['an installation that is suspended', 'installation', { action: 'suspend' }],
    ['repositories that were taken away', 'installation_repositories', { action: 'removed' }],
    ...['assigned', 'review_requested', 'milestoned', 'locked', 'auto_merge_enabled'].map(
      (action): [string, string, object] => [
        `a pull request ${action}`,
        'pull_request',
        { ...pullRequestHook, action },
      ],
    ),
  ])('%s — is ignored, and says why', (_, name, body) => {
    const received = receive(name, body);

    expect(received).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(/\S/) });
  });
});

describe('what cannot be read', () => {
  test.each<[string, string, object, string]>([
    ['no repository', 'push', { ...pushHook, repository: undefined }, 'repository'],
    [
      'an id of nothing',
      'push',
      { ...pushHook, repository: { id: 0, full_name: 'acme/x' } },
      'repository.id',
    ],
    [
      'a push from nothing to nothing',
      'push',
      { ...pushHook, before: noCommit, after: noCommit },
      'no commit',
    ],
    ['a push of half a commit id', 'push', { ...pushHook, after: 'abc' }, 'no commit id'],
    [
      'a merge group without a commit',
      'merge_group',
      { ...mergeGroupHook, merge_group: { ...mergeGroupHook.merge_group, head_sha: 'x' } },
      'head_sha',
    ],
    [
      'a merge group that is no branch',
      'merge_group',
      { ...mergeGroupHook, merge_group: { head_sha: head, head_ref: 'main' } },
      'head_ref',
    ],
    ['a wish of nobody', 'check_run', { ...checkRunHook, sender: undefined }, 'sender'],
    ['a wish for no commit', 'check_suite', { ...checkSuiteHook, check_suite: { head_sha: '' } }, 'head_sha'],
  ])('%s — is malformed, and says where', (_, name, body, where) => {
    expect(receive(name, body)).toMatchObject({ kind: 'malformed', reason: expect.stringContaining(where) });
  });

  test('any JSON under any event — has a meaning', () => {
    const names = fc.constantFrom(
      'pull_request',
      'push',
      'merge_group',
      'issue_comment',
      'check_run',
      'check_suite',
      'installation',
      'toString',
      '',
    );
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, payload) => {
        expect(['event', 'ignored', 'malformed']).toContain(normalise(name, payload, audience).kind);
      }),
    );
  });

  test('any body of ours with any field gone or garbled — has a meaning', () => {
    const hooks = {
      pull_request: pullRequestHook,
      push: pushHook,
      merge_group: mergeGroupHook,
      issue_comment: commentHook,
      check_run: checkRunHook,
    };
    const cases = fc.constantFrom(...Object.entries(hooks));
    fc.assert(
      fc.property(cases, fc.nat(30), fc.jsonValue(), ([name, hook], at, put) => {
        let seen = 0;
        const garbled: unknown = JSON.parse(JSON.stringify(hook), (_, value: unknown) =>
          (seen += 1) === at ? put : value,
        );
        expect(['event', 'ignored', 'malformed']).toContain(normalise(name, garbled, audience).kind);
      }),
    );
  });
});
