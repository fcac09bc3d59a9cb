import { describe, expect, test } from 'vitest';
import { createGithubReceiver } from '../../../src/adapters/github/receiver.ts';
import type { Received } from '../../../src/ports/host.ts';
import { hookSecret, readExamples, signed, type Example } from './deliveries.ts';

const receiver = createGithubReceiver({
  id: 'hub',
  url: 'https://github.com',
  secrets: () => [hookSecret],
  repositories: () => true,
});

const ownDoing = 'what became of a check is our own doing';
const toldElsewhere = 'heads are told of by changes and merge groups';
const written = 'a comment that was edited or deleted';
const noVerdict = (action: string): string => `the action "${action}" changes no verdict`;
const takenAway = (action: string): string => `the App was taken away from repositories (${action})`;

/** What the events mean that we listen to; several where it depends on the body. */
const table: Readonly<Record<string, readonly string[]>> = {
  'check_run.created': [ownDoing],
  'check_run.completed': [ownDoing],
  'check_run.requested_action': ['a button "lgtm|26764" that is not ours'],
  'check_run.rerequested': ['the check "randscape" is not ours'],
  'check_suite.completed': [toldElsewhere],
  'check_suite.requested': [toldElsewhere],
  'check_suite.rerequested': ['event rerun-asked'],
  'installation.created': ['event access-changed'],
  'installation.deleted': [takenAway('deleted')],
  'installation.new_permissions_accepted': ['event access-changed'],
  'installation.suspend': [takenAway('suspend')],
  'installation.unsuspend': ['event access-changed'],
  'installation_repositories.added': ['event access-changed'],
  'installation_repositories.removed': [takenAway('removed')],
  // None of the examples is below a pull request.
  'issue_comment.created': ['a comment on an issue'],
  'issue_comment.deleted': [written],
  'issue_comment.edited': [written],
  'merge_group.checks_requested': ['event merge-group-touched'],
  ping: ['the webhook works'],
  'pull_request.assigned': [noVerdict('assigned')],
  'pull_request.closed': ['event change-touched'],
  'pull_request.converted_to_draft': ['event change-touched'],
  'pull_request.labeled': ['event change-touched'],
  'pull_request.locked': [noVerdict('locked')],
  'pull_request.opened': ['event change-touched'],
  'pull_request.ready_for_review': ['event change-touched'],
  'pull_request.reopened': ['event change-touched'],
  'pull_request.review_request_removed': [noVerdict('review_request_removed')],
  'pull_request.review_requested': [noVerdict('review_requested')],
  'pull_request.synchronize': ['event change-touched'],
  'pull_request.unassigned': [noVerdict('unassigned')],
  'pull_request.unlabeled': ['event change-touched'],
  'pull_request.unlocked': [noVerdict('unlocked')],
  push: ['event branch-moved', 'the ref "refs/tags/simple-tag" is no branch'],
};

const examples = readExamples();

function nameOf({ event, action }: Example): string {
  return action === undefined || event === 'push' ? event : `${event}.${action}`;
}

function tell(received: Received): string {
  if (received.kind === 'event') return `event ${received.event.kind}`;
  return received.kind === 'ignored' ? received.reason : `${received.kind}: ${received.reason}`;
}

const byName = new Map<string, Example[]>();
for (const example of examples)
  byName.set(nameOf(example), [...(byName.get(nameOf(example)) ?? []), example]);

describe('the examples of @octokit/webhooks-examples', () => {
  test.each([...byName])('%s — means what the table says', (name, same) => {
    const meanings = new Set(
      same.map(({ event, body }) => tell(receiver.receive(signed(event, body), new Date(0)))),
    );

    expect([...meanings].toSorted()).toEqual(
      (table[name] ?? [`events of kind "${same[0]?.event}" are not for us`]).toSorted(),
    );
  });

  test('the table — has no row without an example', () => {
    expect(Object.keys(table).filter((name) => !byName.has(name))).toEqual([]);
  });

  test('all of them — are many, from GitHub and its Enterprise Servers', () => {
    expect(examples.length).toBeGreaterThanOrEqual(700);
  });

  test('an event of a repository — names it by its id and path', () => {
    const [example] = byName.get('pull_request.synchronize') ?? [];

    expect(receiver.receive(signed('pull_request', example?.body), new Date(0))).toMatchObject({
      event: { repository: { host: 'hub', id: '186853002', path: 'Codertocat/Hello-World' }, number: 2 },
    });
  });
});
