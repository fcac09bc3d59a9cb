import { afterEach, describe, expect, test } from 'vitest';
import { createGithubReceiver } from '../../../src/adapters/github/receiver.ts';
import type { Event } from '../../../src/domain/event.ts';
import type { Delivery as Sent } from '../../../src/sandbox/github/state.ts';
import type { Delivery, Received } from '../../../src/ports/host.ts';
import { createGithubWorld, type GithubWorld } from './github-world.ts';

const secret = 'a hook secret';
/** Nobody listens there: what GitHub tried to send is kept all the same. */
const hook = { url: 'http://127.0.0.1:9/', secret };

const never = new AbortController().signal;
let world: GithubWorld;
afterEach(() => world.dispose());

/** A day in the life of a repository, as the App's webhook told it. */
async function tellStory(enterprise: string | undefined) {
  world = await createGithubWorld({ hook, ...(enterprise !== undefined && { enterprise }) });
  const { sandbox, host, repository } = world;
  const number = await world.openChange();
  const pull = world.pull(number);
  const subject = { kind: 'change', host: 'hub', repositoryId: repository.id, number } as const;
  const change = await host.changes.read(subject, never);
  if (change === undefined) throw new Error('no change');
  const status = { state: 'success', description: 'fine', url: 'https://gate.example/1' } as const;
  await host.reporter.setStatus(change, { ...status, evaluation: 'run-1' }, {}, never);
  const [run] = sandbox.checkRuns(world.acme, change.head);
  if (run === undefined) throw new Error('no check');
  await sandbox.rerequest(run, { as: 'owner' });
  await sandbox.clickAction(run, 'retest', { as: 'owner' });
  await sandbox.rerequestSuite(run.suite, { as: 'owner' });
  await sandbox.comment('owner', pull, '/modelgate retest');
  await sandbox.comment('owner', pull, 'thank you');
  await host.comments.create(change, '/modelgate retest', never);
  await sandbox.setLabels(pull, ['data']);
  const group = await sandbox.enqueue(pull);
  await sandbox.dequeue(pull);
  await world.mergeChange(number);
  await sandbox.idle();
  return { deliveries: sandbox.deliveries, change, group, number };
}

function receiverWith(secrets: readonly string[], url: string): (sent: Sent) => Received {
  const receiver = createGithubReceiver({
    id: 'hub',
    url,
    secrets: () => secrets,
    repositories: (path) => path.startsWith('acme/'),
  });
  return ({ requestHeaders, requestBody, deliveredAt }) => {
    const lower = Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), value]);
    const headers: Delivery['headers'] = Object.fromEntries(lower);
    return receiver.receive({ headers, body: Buffer.from(requestBody) }, deliveredAt);
  };
}

const servers: readonly (string | undefined)[] = [undefined, '3.19.1'];

describe.each(servers)('the webhooks of GitHub (Enterprise Server %s)', (version) => {
  test('a day in the life of a repository — every delivery is authentic and understood', async () => {
    const { deliveries, change, group, number } = await tellStory(version);
    const receive = receiverWith(['another', secret], world.sandbox.url);

    const received = deliveries.map(receive);
    const events = received.flatMap((one): Event[] => (one.kind === 'event' ? [one.event] : []));
    expect(received.filter(({ kind }) => kind === 'rejected' || kind === 'malformed')).toEqual([]);
    const { head, repository } = change;
    const { branch, headSha } = group;
    expect(events).toEqual(
      expect.arrayContaining([
        { kind: 'access-changed', host: 'hub' },
        { kind: 'change-touched', repository, number, head },
        { kind: 'merge-group-touched', repository, branch, head: headSha },
        { kind: 'command-given', repository, number, commentId: expect.stringMatching(/^\d+$/) },
        { kind: 'rerun-asked', repository, sha: head, branch: undefined, personId: 'owner' },
        expect.objectContaining({ kind: 'branch-moved', branch: change.source.branch, after: head }),
      ]),
    );
    expect(events.filter(({ kind }) => kind === 'command-given')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'rerun-asked')).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === 'merge-group-touched')).toHaveLength(2);
    const ids = received.map((one) => (one.kind === 'rejected' ? '' : one.id));
    expect(new Set(ids).size).toBe(received.length);
  });

  test('a delivery that is sent again — has the same id and meaning', async () => {
    const { deliveries } = await tellStory(version);
    const receive = receiverWith([secret], world.sandbox.url);
    const [first] = deliveries.filter(({ event }) => event === 'pull_request');

    const again = await world.sandbox.redeliver(first?.id ?? 0);

    expect(first && receive(first)).toEqual(receive(again));
  });

  test('another secret — every delivery is rejected', async () => {
    const { deliveries } = await tellStory(version);
    const receive = receiverWith(['another'], world.sandbox.url);

    expect(new Set(deliveries.map((sent) => receive(sent).kind))).toEqual(new Set(['rejected']));
  });
});

test('an Enterprise Server that shares a secret — speaks for no other host', async () => {
  const { deliveries } = await tellStory('3.19.1');
  const receive = receiverWith([secret], 'https://ghe.example.com');

  expect(new Set(deliveries.map((sent) => receive(sent).kind))).toEqual(new Set(['rejected']));
});
