import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createGitlabReceiver } from '../../../src/adapters/gitlab/receiver.ts';
import type { Received } from '../../../src/ports/host.ts';
import { hookToken, withToken } from './deliveries.ts';

const folder = fileURLToPath(new URL('../../../../shared/corpora/gitlab-payloads/', import.meta.url));

/** File, X-Gitlab-Event, and what the delivery must turn out to be. */
const table: readonly (readonly [string, string, string])[] = [
  ['merge_request-open', 'Merge Request Hook', 'change 4580910!12 d2eae324'],
  ['merge_request-open-subgroup', 'Merge Request Hook', 'change 7804027!2 901d9770'],
  ['merge_request-open-full', 'Merge Request Hook', 'change 1!1 da156088'],
  ['merge_request-update-new-commit', 'Merge Request Hook', 'change 910!3 5ff66a1f'],
  ['merge_request-update-mark-as-ready', 'Merge Request Hook', 'change 2!3 386f281f'],
  ['merge_request-update-labels', 'Merge Request Hook', 'change 910!3 1ca7e340'],
  ['merge_request-update-target-branch', 'Merge Request Hook', 'change 910!3 1ca7e340'],
  ['merge_request-update-title', 'Merge Request Hook', 'change 910!3 1ca7e340'],
  ['merge_request-update-mixed', 'Merge Request Hook', 'change 910!3 1ca7e340'],
  ['merge_request-update-draft', 'Merge Request Hook', 'change 44067058!3 ffd71529'],
  ['merge_request-approval', 'Merge Request Hook', 'change 100500!1 da156088'],
  ['merge_request-close', 'Merge Request Hook', 'change 4861503!1 c4c79227'],
  ['merge_request-reopen', 'Merge Request Hook', 'change 4861503!1 c4c79227'],
  ['merge_request-merge', 'Merge Request Hook', 'change 4861503!1 c4c79227'],
  // A documentation sample whose keys end in a space: it names neither project nor number.
  ['merge_request-merge-group', 'Merge Request Hook', 'malformed'],
  ['push-branch', 'Push Hook', 'branch 15 master 95790bf8..da156088'],
  ['push-branch-create', 'Push Hook', 'branch 4861503 feature ..c4c79227'],
  ['push-branch-delete', 'Push Hook', 'branch 4861503 feature c4c79227..'],
  ['push-branch-delete-subgroup', 'Push Hook', 'branch 4861503 feature c4c79227..'],
  ['push-merge-commit', 'Push Hook', 'branch 4861503 master 2adc9465..78a76ee6'],
  ['push-many-commits', 'Push Hook', 'branch 1066 master 2a5e548b..8f784b32'],
  ['tag_push-create', 'Tag Push Hook', 'ignored'],
  ['tag_push-create-lightweight', 'Tag Push Hook', 'ignored'],
  ['tag_push-delete', 'Tag Push Hook', 'ignored'],
  ['note-merge_request', 'Note Hook', 'ignored'],
  ['note-merge_request-subgroup', 'Note Hook', 'ignored'],
  ['note-merge_request-diff', 'Note Hook', 'ignored'],
  ['note-commit', 'Note Hook', 'ignored'],
  ['note-issue', 'Note Hook', 'ignored'],
  ['note-issue-confidential', 'Confidential Note Hook', 'ignored'],
  ['issue-open', 'Issue Hook', 'ignored'],
  ['issue-close', 'Issue Hook', 'ignored'],
  ['pipeline-finished', 'Pipeline Hook', 'pipeline 1 bcbb5ec3 31 !1'],
  // Its merge request belongs to another project: the number is not taken for one of this project.
  ['pipeline-subgroup', 'Pipeline Hook', 'pipeline 1 bcbb5ec3 31 !'],
  ['job-created', 'Job Hook', 'ignored'],
  ['deployment-finished', 'Deployment Hook', 'ignored'],
  ['release-create', 'Release Hook', 'ignored'],
  ['member-added', 'Member Hook', 'ignored'],
  ['resource_access_token-expiring', 'Resource Access Token Hook', 'ignored'],
  ['system-push', 'System Hook', 'branch 15 master 95790bf8..da156088'],
];

const receiver = createGitlabReceiver({
  id: 'corp',
  url: 'https://gitlab.example.com',
  secrets: () => [hookToken],
  repositories: () => true,
});

function receive(file: string, event: string): Received {
  const body = readFileSync(`${folder}${file}.json`);
  return receiver.receive(withToken(body, { 'x-gitlab-event': event }), new Date(0));
}

function short(sha: string | undefined): string {
  return sha?.slice(0, 8) ?? '';
}

function tell(received: Received): string {
  if (received.kind !== 'event') return received.kind;
  const { event } = received;
  switch (event.kind) {
    case 'change-touched':
      return `change ${event.repository.id}!${event.number} ${short(event.head)}`;
    case 'branch-moved':
      return `branch ${event.repository.id} ${event.branch} ${short(event.before)}..${short(event.after)}`;
    case 'command-given':
      return `command ${event.repository.id}!${event.number} ${event.commentId}`;
    case 'pipeline-seen':
      return `pipeline ${event.repository.id} ${short(event.sha)} ${event.pipelineId} !${event.number ?? ''}`;
    default:
      return event.kind;
  }
}

describe.skipIf(!existsSync(folder))('recorded GitLab deliveries (../shared/corpora/gitlab-payloads)', () => {
  test.each(table)('%s — sent as %s — is: %s', (file, event, expected) => {
    expect(tell(receive(file, event))).toBe(expected);
  });

  test('the table — names every file of the folder', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

    expect(table.map(([file]) => `${file}.json`).toSorted()).toEqual(files.toSorted());
  });

  test('a subgroup — its repository — has its full path', () => {
    expect(receive('merge_request-open-subgroup', 'Merge Request Hook')).toMatchObject({
      event: { repository: { host: 'corp', path: 'lkysow-test/subgroup/sub-subgroup/atlantis-example' } },
    });
  });
});
