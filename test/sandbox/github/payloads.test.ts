import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shapeOf, strangePaths } from './shapes.ts';
import { tellEverything } from './everything.ts';
import type { Body } from './told.ts';
import { startTestWorld, type TestWorld } from './world.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly unknown[];
}

const require = createRequire(import.meta.url);
const examples: readonly Example[] = require('@octokit/webhooks-examples');
let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld();
  await tellEverything(world);
});

afterAll(() => world.close());

/** May be null by the published description, though no example of every event shows it. */
const nullable = /^\.(?:repository\.(?:description|homepage|language)|requester) is null/;

/** What of each event the gate reads. */
const relied: readonly (readonly [string, readonly string[]])[] = [
  ['ping', ['.zen', '.hook_id', '.hook.type', '.hook.events']],
  [
    'pull_request',
    [
      '.action',
      '.number',
      '.pull_request.head.sha',
      '.pull_request.head.repo.id',
      '.pull_request.base.ref',
      '.pull_request.base.sha',
      '.pull_request.merged',
      '.pull_request.merge_commit_sha',
      '.pull_request.draft',
      '.pull_request.labels',
      '.before',
      '.after',
      '.changes.base.ref.from',
      '.changes.title.from',
      '.label.name',
      '.reason',
    ],
  ],
  ['push', ['.ref', '.before', '.after', '.created', '.deleted', '.forced', '.base_ref', '.commits[].id']],
  [
    'merge_group',
    [
      '.action',
      '.reason',
      '.merge_group.head_sha',
      '.merge_group.head_ref',
      '.merge_group.base_sha',
      '.merge_group.base_ref',
    ],
  ],
  [
    'check_run',
    [
      '.check_run.id',
      '.check_run.name',
      '.check_run.head_sha',
      '.check_run.external_id',
      '.requested_action.identifier',
      '.check_run.app.id',
    ],
  ],
  ['check_suite', ['.check_suite.head_sha', '.check_suite.app.id', '.check_suite.pull_requests']],
  [
    'issue_comment',
    [
      '.issue.number',
      '.issue.pull_request.url',
      '.comment.id',
      '.comment.body',
      '.comment.user.login',
      '.changes.body.from',
    ],
  ],
  ['deployment', ['.action', '.deployment.id', '.deployment.sha', '.deployment.creator.login']],
  ['deployment_status', ['.action', '.deployment_status.state', '.deployment.environment']],
  ['installation', ['.installation.id', '.installation.permissions.metadata', '.repositories[].id']],
  ['installation_repositories', ['.repositories_added[].id', '.repositories_removed[].full_name']],
];

describe('payloads', () => {
  test.each(relied)('%s — told in every way — has what the gate reads', (event, paths) => {
    const shape = shapeOf(sent(event));
    expect(paths.filter((path) => !shape.has(path))).toEqual([]);
  });

  test.each(relied.map(([event]) => event))(
    '%s — beside the official examples — has their types',
    (event) => {
      const known = examples.find((entry) => entry.name === event)?.examples ?? [];
      const strange = strangePaths(shapeOf(sent(event)), shapeOf(known));
      expect(strange.filter((text) => !nullable.test(text))).toEqual([]);
    },
  );

  test.each(
    relied
      .map(([event]) => event)
      .filter((event) => !['ping', 'installation', 'installation_repositories'].includes(event)),
  )('%s — to an App — names repository, sender and installation', (event) => {
    for (const body of sent(event)) {
      expect(body).toMatchObject({
        repository: { id: world.repository.id, full_name: 'acme/auto-mpg' },
        organization: { login: 'acme' },
        sender: { login: expect.any(String) },
        installation: { id: world.installation.id },
      });
    }
  });
});

function sent(event: string): readonly Body[] {
  const found = world.receiver.received.filter((entry) => entry.headers['x-github-event'] === event);
  expect(found.length).toBeGreaterThan(0);
  return found.map((entry) => entry.body);
}
