import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';

import { afterEach, describe, expect, test } from 'vitest';

import type { CredentialSource } from '../../../../src/adapters/object-store/credentials/credentials.ts';
import type { S3StoreConfig } from '../../../../src/adapters/object-store/s3/config.ts';
import { drain, listAll } from '../../../contracts/object-store.ts';
import { portOf } from '../../../support/port-of.ts';
import { createS3World, givenKeys, keys } from './s3-world.ts';
import type { S3World } from './s3-world.ts';

const never = new AbortController().signal;
const anonymous: CredentialSource = () =>
  Promise.resolve({ kind: 'found', credentials: { kind: 'anonymous' }, region: undefined });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function s3World(options: Parameters<typeof createS3World>[0] = {}): Promise<S3World> {
  const world = await createS3World(options);
  closers.push(() => world.close());
  return world;
}

/** A server that is no S3. */
async function server(handle: RequestListener): Promise<Partial<S3StoreConfig>> {
  const listening = createServer(handle);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        listening.closeAllConnections();
      }),
  );
  return { server: { endpoint: new URL(`http://127.0.0.1:${portOf(listening)}`), secure: false } };
}

describe('versions', () => {
  test('a version — old, current, deleted marker, purged — is found as long as S3 has it', async () => {
    const world = await s3World({ buckets: { kept: { versioned: true } } });
    const old = world.sandbox.put('kept', 'data.csv', 'old');
    const current = world.sandbox.put('kept', 'data.csv', 'current');
    const purged = world.sandbox.put('kept', 'data.csv', 'purged');
    world.sandbox.remove('kept', 'data.csv', purged);
    world.sandbox.remove('kept', 'data.csv');
    const store = world.open({ location: { bucket: 'kept', prefix: '' } });
    const asked = [old, current, purged, undefined, 'no version id'].map((version) => ({
      key: 'data.csv',
      version,
    }));
    const states = await store.stat(asked, never);
    expect(states.map((state) => (state.kind === 'present' ? state.size : state.kind))).toEqual([
      3,
      7,
      'missing',
      'missing',
      'missing',
    ]);
    expect(await store.get({ key: 'data.csv', version: old }, 10, never)).toMatchObject({
      bytes: Buffer.from('old'),
    });
    expect(await store.get({ key: 'data.csv', version: purged }, 10, never)).toEqual({ kind: 'missing' });
    expect((await listAll(store, '')).objects).toEqual([]);
  });

  test('a version that is a delete marker — is missing', async () => {
    const world = await s3World();
    const marker = await server((_request, response) => {
      response.writeHead(405, { 'x-amz-delete-marker': 'true', allow: 'DELETE' }).end();
    });
    const asked = { key: 'data.csv', version: 'v1' };
    expect(await world.open(marker).stat([asked], never)).toEqual([{ kind: 'missing' }]);
    expect(await world.open(marker).get(asked, 10, never)).toEqual({ kind: 'missing' });
  });
});

describe('refusals are never absence', () => {
  test('no ListBucket — absent and present — is unknown and present, and says which permission is missing', async () => {
    const world = await s3World({ buckets: { closed: { versioned: false, canList: false } } });
    world.sandbox.put('closed', 'there', 'x');
    const store = world.open({ location: { bucket: 'closed', prefix: '' } });
    const [there, absent] = await store.stat([{ key: 'there' }, { key: 'absent' }], never);
    expect(there).toMatchObject({ kind: 'present' });
    expect(absent).toMatchObject({
      kind: 'unknown',
      cause: 'forbidden',
      message: expect.stringContaining('s3:ListBucket'),
    });
    expect(await store.get({ key: 'absent' }, 10, never)).toMatchObject({
      kind: 'unknown',
      cause: 'forbidden',
    });
    expect(await drain(store.list('', undefined, never))).toMatchObject([
      { kind: 'unknown', cause: 'forbidden' },
    ]);
  });

  test('no such bucket — is not a missing object, and the objects are asked for once', async () => {
    const world = await s3World();
    const store = world.open({ location: { bucket: 'nowhere', prefix: '' } });
    const asked = Array.from({ length: 1000 }, (_, number) => ({ key: `k${number}` }));
    const states = await store.stat(asked, never);
    expect(new Set(states.map((state) => state.kind))).toEqual(new Set(['unknown']));
    expect(states[0]).toMatchObject({
      cause: 'unreachable',
      message: expect.stringContaining('there is no bucket nowhere'),
    });
    expect(world.sandbox.requests.length).toBeLessThan(100);
    expect(await store.get({ key: 'k' }, 10, never)).toMatchObject({ kind: 'unknown', cause: 'unreachable' });
    expect(await drain(store.list('', undefined, never))).toMatchObject([
      { kind: 'unknown', cause: 'unreachable' },
    ]);
  });

  test.each([
    [
      'wrong secret',
      { ...keys, secretAccessKey: 'another/secret+entirely' },
      /SignatureDoesNotMatch .*secret access key/,
    ],
    ['unknown key', { ...keys, accessKeyId: 'AKIAUNKNOWN' }, /InvalidAccessKeyId .*access key id/],
  ])('%s — is forbidden, and no secret is in the message', async (_name, given, expected) => {
    const world = await s3World();
    world.sandbox.put('team', 'dvc/k', 'x');
    const store = world.open({ credentials: givenKeys(given) });
    const answers = [
      ...(await store.stat([{ key: 'k' }, { key: 'absent' }], never)),
      await store.get({ key: 'k' }, 10, never),
      ...(await drain(store.list('', undefined, never))),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({
        kind: 'unknown',
        cause: 'forbidden',
        message: expect.stringMatching(expected),
      });
      expect(JSON.stringify(answer)).not.toContain(given.secretAccessKey);
      expect(JSON.stringify(answer)).not.toContain(given.accessKeyId);
    }
  });

  test('a clock that is wrong — is said', async () => {
    const world = await s3World({ now: () => new Date(Date.now() - 3_600_000) });
    const [state] = await world.open().stat([{ key: 'k' }], never);
    expect(state).toMatchObject({
      kind: 'unknown',
      cause: 'forbidden',
      message: expect.stringContaining('differ by 60 minutes'),
    });
  });

  test('a policy that forbids one object — the others are still asked for', async () => {
    const world = await s3World();
    for (const key of ['a', 'b', 'c']) world.sandbox.put('team', `dvc/${key}`, key);
    world.sandbox.fail({
      when: (request) => request.key === 'dvc/b',
      fault: { kind: 'status', status: 403 },
    });
    const states = await world.open().stat([{ key: 'a' }, { key: 'b' }, { key: 'c' }], never);
    expect(states.map((state) => state.kind)).toEqual(['present', 'unknown', 'present']);
  });

  test('anonymous — public and closed — is asked without a signature', async () => {
    const open = await s3World({ anonymous: true });
    open.sandbox.put('team', 'dvc/k', 'x');
    expect(await open.open({ credentials: anonymous }).stat([{ key: 'k' }], never)).toMatchObject([
      { kind: 'present' },
    ]);
    const closed = await s3World();
    expect(await closed.open({ credentials: anonymous }).stat([{ key: 'k' }], never)).toMatchObject([
      { kind: 'unknown', cause: 'forbidden' },
    ]);
  });
});

describe('region', () => {
  test('signed for another region — S3 names the right one — is signed again, once', async () => {
    const world = await s3World({ region: 'eu-north-1' });
    world.sandbox.put('team', 'dvc/k', 'x');
    const store = world.open({ region: 'us-east-1' });
    expect(await store.stat([{ key: 'k' }, { key: 'absent' }], never)).toMatchObject([
      { kind: 'present' },
      { kind: 'missing' },
    ]);
    expect((await listAll(store, '')).objects).toHaveLength(1);
    world.sandbox.forgetRequests();
    await store.get({ key: 'k' }, 10, never);
    expect(world.sandbox.requests.map((request) => request.status)).toEqual([200]);
  });

  test('301 with x-amz-bucket-region — is followed by signature, not by address', async () => {
    const world = await s3World();
    const seen: (string | undefined)[] = [];
    const elsewhere = await server((request, response) => {
      seen.push(/\/([^/]+)\/s3\/aws4_request/.exec(request.headers.authorization ?? '')?.[1]);
      if (seen.length > 1) response.writeHead(200, { 'content-length': '7', 'x-amz-request-id': '1' }).end();
      else
        response
          .writeHead(301, { 'x-amz-bucket-region': 'ap-south-1', location: 'http://127.0.0.1:1/' })
          .end();
    });
    expect(await world.open(elsewhere).stat([{ key: 'k' }], never)).toMatchObject([
      { kind: 'present', size: 7 },
    ]);
    expect(seen).toEqual(['us-east-1', 'ap-south-1']);
  });

  test.each(['evil.example.com/', 'x', 'eu-west-1'])(
    '301 again and again, region %j — ends',
    async (region) => {
      const world = await s3World();
      let count = 0;
      const elsewhere = await server((_request, response) => {
        count += 1;
        response.writeHead(301, { 'x-amz-bucket-region': region }).end();
      });
      expect(await world.open(elsewhere).stat([{ key: 'k' }], never)).toMatchObject([
        { kind: 'unknown', cause: 'unreachable' },
      ]);
      expect(count).toBeLessThan(6);
    },
  );
});

describe('trouble that may pass', () => {
  test.each([503, 500] as const)('%i twice, then an answer — is the answer', async (status) => {
    const world = await s3World();
    world.sandbox.put('team', 'dvc/k', 'x');
    world.sandbox.fail({ when: () => true, fault: { kind: 'status', status }, times: 2 });
    expect(await world.open().stat([{ key: 'k' }], never)).toMatchObject([{ kind: 'present' }]);
    // 503 comes with Retry-After: 1; without it half of 400 and of 800 ms are drawn.
    expect(world.waits).toEqual(status === 503 ? [1000, 1000] : [200, 400]);
  });

  test('503 for ever — is unreachable after three tries', async () => {
    const world = await s3World();
    world.sandbox.fail({ when: () => true, fault: { kind: 'status', status: 503 } });
    const [state] = await world.open().stat([{ key: 'k' }], never);
    expect(state).toMatchObject({
      kind: 'unknown',
      cause: 'unreachable',
      message: expect.stringMatching(/^503 from .*, 3 times$/),
    });
    expect(world.sandbox.requests).toHaveLength(3);
    const content = await world.open().get({ key: 'k' }, 10, never);
    expect(content).toMatchObject({ message: expect.stringContaining('503 SlowDown') });
  });

  test('a wait longer than five seconds is asked for — is unreachable at once', async () => {
    const world = await s3World();
    const busy = await server(
      (_request, response) => void response.writeHead(503, { 'retry-after': '120' }).end(),
    );
    expect(await world.open(busy).stat([{ key: 'k' }], never)).toMatchObject([{ cause: 'unreachable' }]);
    expect(world.waits).toEqual([]);
  });

  test('a dropped connection once — is asked again', async () => {
    const world = await s3World();
    world.sandbox.put('team', 'dvc/k', 'x');
    world.sandbox.fail({ when: () => true, fault: { kind: 'drop' }, times: 1 });
    expect(await world.open().stat([{ key: 'k' }], never)).toMatchObject([{ kind: 'present' }]);
  });

  test('a body cut in its middle — never is content', async () => {
    const world = await s3World();
    world.sandbox.put('team', 'dvc/k', 'x'.repeat(1000));
    world.sandbox.fail({ when: () => true, fault: { kind: 'truncate' } });
    expect(await world.open().get({ key: 'k' }, 2000, never)).toMatchObject({
      kind: 'unknown',
      cause: 'unreachable',
    });
  });

  test('silence — a thousand objects — is unreachable within the time of three tries', async () => {
    const world = await s3World();
    world.sandbox.fail({ when: () => true, fault: { kind: 'hang' } });
    const asked = Array.from({ length: 1000 }, (_, number) => ({ key: `k${number}` }));
    const before = performance.now();
    const states = await world.open().stat(asked, never);
    expect(performance.now() - before).toBeLessThan(8000);
    expect(new Set(states.map((state) => (state.kind === 'unknown' ? state.cause : state.kind)))).toEqual(
      new Set(['unreachable']),
    );
    expect(states[0]).toMatchObject({ message: expect.stringContaining('did not answer in time') });
    expect(world.sandbox.requests.length).toBeLessThan(3 * 64 + 64);
  });

  test('nobody listens — is unreachable and says so', async () => {
    const world = await s3World();
    const store = world.open({ server: { endpoint: new URL('http://127.0.0.1:1'), secure: false } });
    expect(await store.stat([{ key: 'k' }], never)).toMatchObject([
      { kind: 'unknown', cause: 'unreachable', message: expect.stringContaining('refuses connections') },
    ]);
  });
});

describe('servers that are no S3', () => {
  test.each([
    ['a web page for everything', 200, '<html>Sign in</html>'],
    ['its own not-found page', 404, '<html>Not found</html>'],
  ])('%s — proves neither presence nor absence', async (_name, status, page) => {
    const world = await s3World();
    const console = await server((_request, response) => {
      response
        .writeHead(status, {
          'content-type': 'text/html; charset=utf-8',
          'content-length': page.length,
          etag: '"1"',
        })
        .end(page);
    });
    const store = world.open(console);
    for (const answer of [
      ...(await store.stat([{ key: 'k' }], never)),
      await store.get({ key: 'k' }, 1000, never),
      ...(await drain(store.list('', undefined, never))),
    ]) {
      expect(answer).toMatchObject({ kind: 'unknown', message: expect.stringContaining('endpoint') });
    }
  });

  test('HEAD is 404, GET is content — is unknown', async () => {
    const world = await s3World();
    const odd = await server((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 404 : 200, { 'x-amz-request-id': '1' }).end('x');
    });
    expect(await world.open(odd).stat([{ key: 'k' }], never)).toMatchObject([
      { kind: 'unknown', cause: 'unsupported' },
    ]);
  });

  test.each([
    ['the same page for ever', () => page(['dvc/a'], 'again')],
    ['keys out of order', () => page(['dvc/b', 'dvc/a'], undefined)],
    ['keys of others', () => page(['other/a'], undefined)],
    ['empty pages for ever', () => page([], 'again')],
  ])('a listing with %s — ends with trouble', async (_name, body) => {
    const world = await s3World();
    let count = 0;
    const odd = await server((_request, response) => {
      count += 1;
      response.writeHead(200).end(body());
    });
    const steps = await drain(world.open(odd).list('', undefined, never));
    expect(steps.at(-1)).toMatchObject({ kind: 'unknown' });
    expect(count).toBeLessThan(30);
  });

  test('a page that never ends — is cut at its limit', async () => {
    const world = await s3World();
    const endless = await server((_request, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    expect(await drain(world.open(endless).list('', undefined, never))).toMatchObject([
      { kind: 'unknown', cause: 'limit' },
    ]);
    expect(await world.open(endless).get({ key: 'k' }, 100_000, never)).toMatchObject({ kind: 'too-large' });
  });
});

test('small pages — of seven keys — are all read', async () => {
  const world = await s3World({ pageLimit: 7 });
  for (let number = 100; number < 150; number += 1) world.sandbox.put('team', `dvc/${number}`, '');
  const { objects } = await listAll(world.open(), '');
  expect(objects.map((object) => object.key)).toEqual(
    Array.from({ length: 50 }, (_, index) => String(100 + index)),
  );
});

function page(pageKeys: readonly string[], next: string | undefined): string {
  const rows = pageKeys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
  const more = next === undefined ? 'false' : 'true';
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>${rows}</ListBucketResult>`;
}
