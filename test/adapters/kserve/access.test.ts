import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AbortError, RetryableError } from '../../../src/errors.ts';
import { portOf } from '../../support/port-of.ts';
import { startScriptedServer, type ScriptedAnswer } from '../../support/scripted-server.ts';
import { json, never, openServing, thrownBy, type OpenServing } from './kserve-world.ts';
import { inferenceService } from './objects.ts';

let folder: string;
const closers: (() => Promise<unknown>)[] = [];
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'modelgate-kubeconfig-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Writes a kubeconfig of one cluster and one user, as JSON, which is YAML. */
function kubeconfig(server: string, user: unknown, cluster: Record<string, unknown> = {}): string {
  const path = join(folder, 'config');
  const context = { name: 'here', context: { cluster: 'one', user: 'me' } };
  const whole = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'one', cluster: { server, ...cluster } }],
    users: [{ name: 'me', user }],
    contexts: [context],
  };
  writeFileSync(path, JSON.stringify(whole));
  return path;
}

async function scripted(script: readonly ScriptedAnswer[]) {
  const server = await startScriptedServer(script);
  closers.push(() => server.close());
  return server;
}

function open(cluster: Parameters<typeof openServing>[0], env: Record<string, string> = {}): OpenServing {
  const opened = openServing(cluster, { env });
  closers.unshift(() => opened.close());
  return opened;
}

/** In this mode there is nothing more to ask for. */
const one = json(inferenceService({ status: { deploymentMode: 'ModelMesh' } }));
const openFile = (path: string): OpenServing => open({ kind: 'kubeconfig', path });
const ask = (opened: OpenServing, signal = never) => opened.serving.read('auto-mpg', signal);

describe('a kubeconfig', () => {
  test('with a token — presents it, and keeps it out of logs', async () => {
    const { url, seen } = await scripted([one]);
    const opened = openFile(kubeconfig(url, { token: 'token-of-me' }));

    expect(await ask(opened)).toMatchObject({ name: 'auto-mpg' });
    expect(seen[0]?.headers.authorization).toBe('Bearer token-of-me');
    expect(opened.secrets).toEqual(['token-of-me']);
  });

  test('with a token in a file that ends in a line break — presents the token', async () => {
    const { url, seen } = await scripted([one]);
    writeFileSync(join(folder, 'token'), 'token-of-file\n');
    await ask(
      openFile(
        kubeconfig(url, {
          'auth-provider': { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } },
        }),
      ),
    );

    expect(seen[0]?.headers.authorization).toBe('Bearer token-of-file');
  });

  test('with user and password, and somebody to act as — presents both', async () => {
    const { url, seen } = await scripted([one]);
    await ask(openFile(kubeconfig(url, { username: 'me', password: 'pass:word', as: 'releaser' })));

    expect(seen[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:pass:word').toString('base64')}`,
      'impersonate-user': 'releaser',
    });
  });

  test('with a credential plugin — asks it', async () => {
    const { url, seen } = await scripted([one]);
    await ask(
      openFile(kubeconfig(url, plugin('console.log(JSON.stringify({ status: { token: "from-plugin" } }))'))),
    );

    expect(seen[0]?.headers.authorization).toBe('Bearer from-plugin');
  });

  test('with a plugin that fails — says so, and not what it wrote', async () => {
    const path = kubeconfig(
      'http://127.0.0.1:1',
      plugin('console.error("password is hunter2"); process.exit(1)'),
    );
    const thrown = await thrownBy(ask(openFile(path)));

    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ advice: { remedy: `Try: kubectl --kubeconfig ${path} auth whoami` } });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain('hunter2');
  });

  test('with a plugin that hangs — an aborted job ends', async () => {
    const wait = 'process.stdin.resume(); setTimeout(() => {}, 3000)';
    const controller = new AbortController();
    const reason = new AbortError('shutdown');
    const asked = ask(openFile(kubeconfig('http://127.0.0.1:1', plugin(wait))), controller.signal);
    setTimeout(() => controller.abort(reason), 30);

    expect(await thrownBy(asked)).toBe(reason);
  });

  test('that was changed after 401 — is read again', async () => {
    const refused = json({ kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' }, 401);
    const { url, seen } = await scripted([refused, one]);
    const opened = openFile(kubeconfig(url, { token: 'token-of-before' }));

    expect(await thrownBy(ask(opened))).toMatchObject({ code: 'cluster-unauthorised' });
    kubeconfig(url, { token: 'token-of-now' });
    await ask(opened);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-of-before',
      'Bearer token-of-now',
    ]);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['that is not there', undefined, /cannot be read \[ENOENT\]/],
    ['that is no YAML', 'users: [{ token: "hunter2"', /cannot be read/],
    ['that is empty', '', /cannot be read/],
    ['without a current context', '{"clusters": [], "users": [], "contexts": []}', /names no cluster/],
    [
      'whose cluster has no address',
      JSON.stringify({ clusters: [{ name: 'a', cluster: {} }] }),
      /cannot be read/,
    ],
  ])('%s — people are told, without its text', async (_name, text, message) => {
    const path = join(folder, 'odd');
    rmSync(path, { force: true });
    if (text !== undefined) writeFileSync(path, text);
    const thrown = await thrownBy(ask(openFile(path)));

    expect(thrown).toMatchObject({ code: 'cluster-credentials', message: expect.stringMatching(message) });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain('hunter2');
  });

  test('with a proxy — is refused, rather than going another way', async () => {
    const path = kubeconfig('https://10.0.0.1', {}, { 'proxy-url': 'http://proxy:3128' });
    expect(await thrownBy(ask(openFile(path)))).toMatchObject({
      code: 'cluster-credentials',
      message: expect.stringContaining('proxy-url'),
    });
  });
});

test('the service account of the pod — outside of a pod — people are told', async () => {
  expect(await thrownBy(ask(open({ kind: 'in-cluster' })))).toMatchObject({
    code: 'cluster-credentials',
    remedy: expect.stringContaining('environments.prod.kserve.kubeconfig'),
  });
});

test('a token that rotates — is asked for each time', async () => {
  const { url, seen } = await scripted([one]);
  let turn = 0;
  const token = (): string => `token-${(turn += 1)}`;
  const opened = open({ kind: 'given', url, token, ca: undefined });
  await ask(opened);
  await ask(opened);

  expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
});

const hasOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasOpenssl)('TLS (needs openssl)', () => {
  let server: { readonly url: string; readonly names: string[] };
  const file = (name: string): string => join(folder, name);
  const pem = (name: string): string => readFileSync(file(name), 'utf8');

  beforeAll(async () => {
    certificate('server', ['-addext', 'subjectAltName=IP:127.0.0.1']);
    certificate('client', []);
    const names: string[] = [];
    const tls = { cert: pem('server.crt'), key: pem('server.key'), ca: pem('client.crt'), requestCert: true };
    const https = createServer({ ...tls, rejectUnauthorized: false }, (request, response) => {
      const { socket } = request;
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
      names.push(String(shown?.CN ?? ''));
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(inferenceService()));
    });
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
    server = { url: `https://127.0.0.1:${portOf(https)}`, names };
    return () => new Promise((resolve) => https.close(resolve));
  });

  function certificate(name: string, more: readonly string[]): void {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const files = ['-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)];
    execFileSync('openssl', ['req', '-x509', ...curve, ...files, ...more], { stdio: 'ignore' });
  }

  test('a certificate that nobody vouches for — is trouble', async () => {
    const thrown = await thrownBy(
      ask(open({ kind: 'given', url: server.url, token: undefined, ca: undefined })),
    );
    expect(thrown).toMatchObject({
      message: expect.stringContaining('not trusted (TLS)'),
      advice: { remedy: expect.stringContaining('environments.prod.kserve.cluster.ca') },
    });
  });

  test('with the certificates of the configuration — it is trusted', async () => {
    const cluster = { kind: 'given', url: server.url, token: undefined, ca: pem('server.crt') } as const;
    expect(await ask(open(cluster))).toMatchObject({ name: 'auto-mpg' });
  });

  test('a kubeconfig with a client certificate — presents it', async () => {
    const user = { 'client-certificate': file('client.crt'), 'client-key': file('client.key') };
    await ask(openFile(kubeconfig(server.url, user, { 'certificate-authority': file('server.crt') })));
    expect(server.names.at(-1)).toBe('client');
  });

  test('a kubeconfig that does not verify — asks nevertheless', async () => {
    await ask(openFile(kubeconfig(server.url, {}, { 'insecure-skip-tls-verify': true })));
    expect(server.names.at(-1)).toBe('');
  });
});

function plugin(program: string): unknown {
  const command = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', program],
  };
  return { exec: command };
}
