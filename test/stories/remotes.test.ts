import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { S3Fault } from '../../src/sandbox/s3/sandbox.ts';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

function dvcConfig(url: string, more = ''): string {
  return `[core]\n    remote = storage\n['remote "storage"']\n    url = ${url}\n${more}`;
}

describe.each(everyHost)('data remotes of a repository on $name', ({ host }) => {
  let world: StoryWorld;
  let healthy: () => void = () => undefined;
  beforeAll(async () => {
    world = await createStoryWorld({
      host,
      timing: { requests: { headersMs: 300, bodyMs: 300, totalMs: 600 } },
    });
  });
  afterEach(() => healthy());
  afterAll(() => world.close());

  test.each([
    ['another bucket', 's3://somebody-elses/dvc'],
    ['the same bucket, beside the prefix', 's3://team-data/dvc-of-others'],
    ['the same bucket, out of the prefix', 's3://team-data/dvc/../secret'],
    ['a directory of the server', '/etc'],
    ['a relative directory', '../../storage'],
    ['a credential in the address', 's3://key:pass@team-data/dvc'],
    ['an address inside the network', 'http://169.254.169.254/latest'],
  ])('a change that names %s — is refused, and nobody is asked', async (name, url) => {
    world.s3.forgetRequests();
    const pointer = await world.track('d.csv', `unbound ${name}\n`, 'pushed');
    const change = await world.propose(`unbound-${url.replace(/\W+/g, '-')}`, {
      '.dvc/config': dvcConfig(url),
      'd.csv.dvc': pointer,
    });

    await world.status(change, ({ state }) => state === 'failure');
    const { comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(comment?.text).toMatch(/data\/remote-not-bound|Could not be decided/);
    expect(comment?.text).not.toContain('pass@');
    expect(world.s3.requests).toEqual([]);
  });

  test('an endpoint in the repository’s configuration — is not followed', async () => {
    const elsewhere = '    endpointurl = http://127.0.0.1:9/\n';
    world.s3.forgetRequests();
    const pointer = await world.track('d.csv', 'endpoint\n', 'pushed');
    const change = await world.propose('endpoint', {
      '.dvc/config': dvcConfig('s3://team-data/dvc', elsewhere),
      'd.csv.dvc': pointer,
    });

    await world.status(change, ({ state }) => state === 'success');
    const { comment } = await expectShown(world, change, { state: 'success', comments: 1 });
    expect(comment?.text).toContain('data/remote-changed');
    expect(world.s3.requests.length).toBeGreaterThan(0);
  });

  test('a scheme in capitals — is the same remote: refused while data is missing, green by itself later', async () => {
    const content = 'capitals\n';
    const repository = await world.addRepository('ml/capitals', {
      '.dvc/config': dvcConfig('s3://team-data/dvc'),
    });
    const change = await world.propose(
      'capitals',
      {
        '.dvc/config': dvcConfig('S3://team-data/dvc'),
        'd.csv.dvc': await world.track('d.csv', content, 'not pushed'),
      },
      { repository },
    );

    const refused = await world.status(change, ({ state }) => state === 'failure');
    expect(refused.description).toContain('data/missing-on-remote');
    const { comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(comment?.text).not.toContain('data/remote-changed');

    world.push(content);
    await world.status(change, ({ state }) => state === 'success');
  });

  const faults: readonly [string, S3Fault, RegExp][] = [
    ['403', { kind: 'status', status: 403 }, /403|AccessDenied/],
    ['503', { kind: 'status', status: 503 }, /503/],
    ['nothing', { kind: 'hang' }, /time|answer/i],
    ['a cut connection', { kind: 'drop' }, /127\.0\.0\.1/],
  ];
  test.each(faults)(
    'a store that answers %s — undecided with the reason; well again — green by itself',
    async (name, fault, reason) => {
      healthy = world.s3.fail({ when: () => true, fault });
      const pointer = await world.track('d.csv', `store answers ${name}\n`, 'pushed');
      const change = await world.propose(`store-${name.replace(/\W+/g, '-')}`, { 'd.csv.dvc': pointer });

      const undecided = await world.status(change, ({ state }) => state === 'failure');
      expect(undecided.description).toMatch(/^could not decide: /);
      expect(undecided.description).toMatch(reason);
      healthy();

      await world.status(change, ({ state }) => state === 'success');
      await expectShown(world, change, { state: 'success', comments: 1 });
    },
  );

  test('a store that did not answer, well again and without the data — refused by itself', async () => {
    healthy = world.s3.fail({ when: () => true, fault: { kind: 'status', status: 403 } });
    const pointer = await world.track('d.csv', 'never pushed\n', 'not pushed');
    const change = await world.propose('well-and-empty', { 'd.csv.dvc': pointer });
    await world.status(change, ({ description }) => description.startsWith('could not decide'));
    healthy();

    const refused = await world.status(change, ({ description }) =>
      description.includes('data/missing-on-remote'),
    );
    expect(refused.state).toBe('failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
