import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { createMirrors, defaultMirrorLimits } from '../../src/adapters/git/mirror.ts';
import { createGitAccess } from '../../src/compose/git-access.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createFileSecrets } from '../../src/adapters/system/file-secrets.ts';
import { createSecretRegistry } from '../../src/adapters/system/secret-registry.ts';
import { createKeptLog } from '../support/log.ts';
import {
  commit,
  impatientClock,
  keepingLog,
  newRepository,
  path,
  serve,
  temporaryDirectory,
} from '../adapters/git/repositories.ts';

const folder = mkdtempSync(join(tmpdir(), 'modelgate-tls-'));
const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];

function makeCertificate(): boolean {
  const subject = ['-subj', '/CN=modelgate test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    const files = ['-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasOpenssl = makeCertificate();

/** TLS in front of a git server. */
async function behindTls(url: string): Promise<Server> {
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createServer(tls, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const inner = request(new URL(incoming.url ?? '/', url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function configOf(url: string, ca: string | undefined) {
  const file = join(folder, 'modelgate.yaml');
  const hosts = [
    { id: 'corp', kind: 'gitlab', url, token: '${T}', webhookSecrets: ['${T}'], repositories: ['**'], ca },
  ];
  writeFileSync(file, JSON.stringify({ hosts }));
  const registry = createSecretRegistry();
  return loadConfig({
    path: file,
    env: { T: 'glpat-secret-token' },
    readFile: (name) => readFileSync(name, 'utf8'),
    fileSecret: createFileSecrets({ registry, log: createKeptLog().log, now: () => new Date() }),
    addSecret: () => undefined,
  });
}

afterAll(() => rmSync(folder, { recursive: true }));

/** A snapshot of a repository behind TLS, taken with these certificates configured. */
async function take(ca: string | undefined) {
  const directory = newRepository();
  commit(directory, { 'a.txt': 'a\n' });
  const head = commit(directory, { 'b.txt': 'b\n' });
  const git = new URL((await serve(directory)).url);
  const tls = await behindTls(git.origin);
  onTestFinished(() => void tls.close());
  const address = tls.address();
  const url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const cache = temporaryDirectory();
  const mirrors = createMirrors({
    directory: cache,
    access: createGitAccess(
      { config: configOf(url, ca) },
      new Map([['corp', { gitLogin: async () => 'oauth2:glpat-secret-token' }]]),
      cache,
    ),
    limits: defaultMirrorLimits,
    log: keepingLog(),
    clock: impatientClock(),
    environment: path,
  });
  const repository = { host: 'corp', id: '7', path: git.pathname.slice(1).replace(/\.git$/, '') };
  const wanted = { repository, targetBranch: 'main', head, headRef: 'refs/heads/main' };
  return { cache, head, taken: mirrors.take(wanted, new AbortController().signal) };
}

describe.skipIf(!hasOpenssl)('git and a host with certificates of its own (needs openssl)', () => {
  test('the certificate is configured — the repository is read, and only we may read the file', async () => {
    const { cache, head, taken } = await take(certificate);

    expect((await taken).head.commit).toBe(head);
    const file = join(cache, 'certificates', 'corp.pem');
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(certificate, 'utf8'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('it is not — the host is not trusted', async () => {
    const { taken } = await take(undefined);

    await expect(taken).rejects.toThrow(/certificate/);
  });
});
