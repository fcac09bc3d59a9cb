import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGitlabReceiver } from '../../../src/adapters/gitlab/receiver.ts';
import { parseCommand } from '../../../src/commands/parse-command.ts';
import type { Event } from '../../../src/domain/event.ts';
import type { Received } from '../../../src/ports/host.ts';
import {
  head,
  hookToken,
  mergeRequestHook,
  noCommit,
  noteHook,
  otherHead,
  pipelineHook,
  pushHook,
  withToken,
} from './deliveries.ts';

const receiver = createGitlabReceiver({
  id: 'corp',
  url: 'https://gitlab.example.com',
  secrets: () => [hookToken],
  repositories: (path) => path.startsWith('ml/'),
});

function receive(body: unknown): Received {
  return receiver.receive(withToken(body), new Date(0));
}

function eventOf(body: unknown): Event | undefined {
  const received = receive(body);
  return received.kind === 'event' ? received.event : undefined;
}

const repository = { host: 'corp', id: '7', path: 'ml/auto-mpg' };

/** The hook with some of its attributes replaced; undefined takes one away. */
function attributes(hook: { readonly object_attributes: object }, changes: object): object {
  return { ...hook, object_attributes: { ...hook.object_attributes, ...changes } };
}

describe('events', () => {
  test.each<[string, object, object]>([
    ['a merge request', mergeRequestHook, { kind: 'change-touched', repository, number: 3, head: head }],
    [
      'a merge request without commits',
      attributes(mergeRequestHook, { last_commit: null }),
      { kind: 'change-touched', repository, number: 3, head: undefined },
    ],
    [
      'a merge request of an old version, without an action',
      attributes(mergeRequestHook, { action: undefined }),
      { kind: 'change-touched', repository, number: 3, head: head },
    ],
    [
      'a push',
      pushHook,
      {
        kind: 'branch-moved',
        repository,
        branch: 'feature/x',
        before: otherHead,
        after: head,
      },
    ],
    [
      'a new branch',
      { ...pushHook, before: noCommit },
      { kind: 'branch-moved', repository, branch: 'feature/x', before: undefined, after: head },
    ],
    [
      'a deleted branch of a SHA-256 repository',
      { ...pushHook, before: 'c'.repeat(64), after: '0'.repeat(64) },
      {
        kind: 'branch-moved',
        repository,
        branch: 'feature/x',
        before: 'c'.repeat(64),
        after: undefined,
      },
    ],
    [
      'a push told by a system hook',
      { ...pushHook, object_kind: undefined },
      {
        kind: 'branch-moved',
        repository,
        branch: 'feature/x',
        before: otherHead,
        after: head,
      },
    ],
    ['a command', noteHook, { kind: 'command-given', repository, number: 3, commentId: '99' }],
    [
      'a command told by an old version',
      attributes(noteHook, { action: undefined, system: undefined }),
      { kind: 'command-given', repository, number: 3, commentId: '99' },
    ],
    [
      'a command with reasons below it',
      attributes(noteHook, { note: '/modelgate recheck\n\nI pushed the data.' }),
      { kind: 'command-given', repository, number: 3, commentId: '99' },
    ],
    [
      'a pipeline of a merge request',
      pipelineHook,
      { kind: 'pipeline-seen', repository, sha: head, pipelineId: '500', number: 3 },
    ],
    [
      'a pipeline of a branch',
      { ...pipelineHook, merge_request: null },
      { kind: 'pipeline-seen', repository, sha: head, pipelineId: '500', number: undefined },
    ],
    [
      'a pipeline in a fork, whose merge request has its number elsewhere',
      { ...pipelineHook, merge_request: { iid: 3, target_project_id: 8 } },
      { kind: 'pipeline-seen', repository, sha: head, pipelineId: '500', number: undefined },
    ],
  ])('%s — is told in the words of the domain', (_, body, event) => {
    expect(eventOf(body)).toEqual(event);
  });

  test.each([
    'open',
    'update',
    'reopen',
    'close',
    'merge',
    'approved',
    'unapproved',
    'approval',
    'unapproval',
  ])('a merge request — %s — pokes its change', (action) => {
    expect(eventOf(attributes(mergeRequestHook, { action }))?.kind).toBe('change-touched');
  });
});

test.each([
  '/modelgate\tretest',
  '/modelgate  retest ',
  '/modelgate\u00a0retest',
  '/modelgate retest\r\nplease',
])('what is read as a command — %j — is told as one', (note) => {
  expect(parseCommand(note)).toMatchObject({ kind: 'command' });
  expect(eventOf(attributes(noteHook, { note }))?.kind).toBe('command-given');
});

test('any note — is told when it can be read as a command', () => {
  const part = fc.constantFrom(
    '/modelgate',
    'retest',
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\u2028',
    '\f',
    'x',
    '',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const note = parts.join('');
      const told = eventOf(attributes(noteHook, { note }))?.kind === 'command-given';
      expect(told || parseCommand(note) === undefined).toBe(true);
    }),
  );
});

describe('what is not for us', () => {
  test.each<[string, object]>([
    ['an unknown kind', { object_kind: 'emoji', project: pushHook.project }],
    ['an unknown action', attributes(mergeRequestHook, { action: 'teleport' })],
    [
      'a repository that is not configured',
      { ...pushHook, project: { id: 7, path_with_namespace: 'web/x' } },
    ],
    ['a tag', { ...pushHook, ref: 'refs/tags/v1' }],
    ['a tag hook', { ...pushHook, object_kind: 'tag_push', ref: 'refs/tags/v1' }],
    ['an edited command', attributes(noteHook, { action: 'update' })],
    ['a note of GitLab itself', attributes(noteHook, { system: true })],
    ['a confidential note', { ...noteHook, event_type: 'confidential_note' }],
    ['an internal note', attributes(noteHook, { internal: true })],
    ['a note on a commit', attributes(noteHook, { noteable_type: 'Commit' })],
    ['a note that talks of us', attributes(noteHook, { note: 'try /modelgate recheck' })],
    ['a command on the second line', attributes(noteHook, { note: 'hm\n/modelgate recheck' })],
    ['a quoted command', attributes(noteHook, { note: '> /modelgate recheck' })],
    ['our name alone', attributes(noteHook, { note: '/modelgate\nretest' })],
    ['another bot', attributes(noteHook, { note: '/modelgatekeeper open' })],
    ['our own status', attributes(pipelineHook, { source: 'external' })],
    ['a child pipeline', attributes(pipelineHook, { source: 'parent_pipeline' })],
    ['a pipeline of a tag', attributes(pipelineHook, { tag: true })],
  ])('%s — is ignored, and says why', (_, body) => {
    expect(receive(body)).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(/\w/) });
  });
});

describe('what cannot be read', () => {
  test.each<[string, unknown]>([
    ['no JSON', '{"object_kind":'],
    ['nothing', ''],
    ['a templated body', { branch: 'main', author: 'someone' }],
    ['a list', []],
    ['null', 'null'],
    ['a merge request without a project', { ...mergeRequestHook, project: undefined }],
    ['a merge request without a number', attributes(mergeRequestHook, { iid: undefined })],
    ['a number beyond exactness', attributes(mergeRequestHook, { iid: 2 ** 60 })],
    ['a push without a ref', { ...pushHook, ref: undefined }],
    ['a push to something that is no commit', { ...pushHook, after: 'HEAD' }],
    ['a push from nothing to nothing', { ...pushHook, before: noCommit, after: noCommit }],
    ['a command without its merge request', { ...noteHook, merge_request: undefined }],
    ['a pipeline without a commit', attributes(pipelineHook, { sha: '' })],
  ])('%s — is malformed, and says why', (_, body) => {
    expect(receive(body)).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(/\w/) });
  });

  test('a body that is no JSON — its content — is not repeated', () => {
    expect(JSON.stringify(receive('glpat-secret-in-the-body'))).not.toContain('glpat');
  });
});

/** Every place in a JSON value, as the keys that lead there. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const below = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return [[...path], ...below];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) ? Reflect.get(at, key) : undefined), value);
}

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(value)) return replacement;
  return { ...value, [key]: replaceAt(Reflect.get(value, key), rest, replacement) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The event without the hints that could not be read. */
function known(event: Event | undefined): object {
  return Object.fromEntries(Object.entries(event ?? {}).filter(([, value]) => value !== undefined));
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

describe('hostile bodies', () => {
  const hooks = [
    mergeRequestHook,
    pushHook,
    noteHook,
    pipelineHook,
    attributes(noteHook, { system: true }),
    attributes(noteHook, { internal: true }),
    attributes(noteHook, { action: 'update' }),
    { ...noteHook, event_type: 'confidential_note' },
    attributes(pipelineHook, { source: 'external' }),
    attributes(pipelineHook, { tag: true }),
  ];
  const places = hooks.flatMap((hook) => pathsOf(hook).map((path) => ({ hook, path })));

  test('any value replaced by one of another type — never throws, never makes another event', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.jsonValue({ maxDepth: 2 }),
        ({ hook, path }, replacement) => {
          fc.pre(typeOf(valueAt(hook, path)) !== typeOf(replacement));
          const event = known(eventOf(replaceAt(hook, path, replacement)));
          // A hint may be missing; nothing may differ or come out of nowhere.
          expect(known(eventOf(hook))).toMatchObject(event);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('any JSON at all — is answered', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(['ignored', 'malformed']).toContain(receive(body).kind);
      }),
    );
  });

  test('any bytes at all — are answered', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['ignored', 'malformed']).toContain(receive(Buffer.from(bytes)).kind);
      }),
    );
  });
});
