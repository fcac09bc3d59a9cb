import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage, type BuiltStage } from '../support/build-image.ts';
import { canInstallPackages } from '../support/npm-registry.ts';
import { lastOf, readDockerfile } from '../support/read-dockerfile.ts';
import { eventually, startRedis, type TestRedis } from '../support/redis.ts';

const repository = join(import.meta.dirname, '..', '..');
const stages = readDockerfile(readFileSync(join(repository, 'Dockerfile'), 'utf8'));
const runtime = stages.at(-1)!;
const ignored = readFileSync(join(repository, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const isRoot = process.getuid?.() === 0;
const uid = 10001;

describe('the Dockerfile', () => {
  test('the context — is what the stages copy, and nothing else', () => {
    const copied = stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword, flags }) => keyword === 'COPY' && flags['from'] === undefined)
        .flatMap(({ text }) => text.split(' ').slice(0, -1)),
    );

    expect(ignored[0]).toBe('*');
    expect(ignored.slice(1).toSorted()).toEqual([...new Set(copied)].map((file) => `!${file}`).toSorted());
  });

  test('the bases — are Node 24 on a slim Debian, the same twice', () => {
    expect(stages.map(({ base }) => base)).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
  });

  test.each([
    ['USER', /^(\d+):(\d+)$/, 'a number, so that orchestrators can see that it is not root'],
    ['ENTRYPOINT', /^\["node", "\/app\/dist\/main\.js"\]$/, 'node itself: it gets the signals'],
    ['CMD', /^\["serve"\]$/, 'the service'],
    ['HEALTHCHECK', /CMD \["node", "-e", ".*\/livez/, 'no program but node'],
    ['EXPOSE', /^8080$/, 'above the ports of root'],
    ['VOLUME', /^\["\/var\/cache\/modelgate"\]$/, 'what is written'],
    ['LABEL', /org\.opencontainers\.image\.licenses="Apache-2\.0"/, 'what it is'],
  ])('%s — is %s: %s', (keyword, pattern) => {
    expect(lastOf(runtime, keyword).text).toMatch(pattern);
  });

  test('what installs packages of npm — runs no script of theirs', () => {
    const commands = stages.flatMap(({ instructions }) => instructions.map(({ text }) => text));
    const installing = commands.filter((text) => /^npm (?:ci|install|prune)/.test(text));

    expect(installing).toHaveLength(2);
    for (const command of installing) expect(command).toContain('--ignore-scripts');
  });
});

describe.skipIf(!canInstallPackages())('the image, built from its steps as plain commands', () => {
  let folder: string;
  let image: BuiltStage;
  let redis: TestRedis;
  let children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgate-image-'));
    redis = await startRedis();
    await chmod(folder, 0o755);
    image = await buildImage(stages, {
      context: repository,
      folder,
      allows: (file) => ignored.includes(`!${file}`),
    });
    await provideSurroundings();
  }, 300_000);

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await redis.close();
    execFileSync('chmod', ['-R', 'u+w', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  /** What the base image and whoever runs the image provide: node, configuration, secrets, a cache; the rest is read-only. */
  async function provideSurroundings(): Promise<void> {
    const { root } = image;
    for (const path of ['usr/local/bin', 'etc/modelgate', 'run/secrets', 'var/cache/modelgate', 'tmp'])
      await mkdir(join(root, path), { recursive: true });
    await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
    const config = readFileSync(join(repository, 'deploy', 'modelgate.example.yaml'), 'utf8');
    await writeFile(join(root, 'etc/modelgate/modelgate.yaml'), config.replaceAll('/run/', `${root}/run/`));
    for (const secret of ['gitlab-token', 'webhook-secret', 'pages-token'])
      await writeFile(join(root, 'run/secrets', secret), `a-${secret}-of-the-test\n`);
    execFileSync('chmod', ['-R', 'a-w', root]);
    for (const path of ['var/cache/modelgate', 'tmp']) {
      await chmod(join(root, path), 0o755);
      if (isRoot) await chown(join(root, path), uid, uid);
    }
  }

  /** A path of the image on this machine. */
  const here = (path: string): string => (path.startsWith('/') ? join(image.root, path) : path);

  function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const own = Object.entries(image.env).map(([name, value]) => [
      name,
      value
        .split(':')
        .map((part) => (part.startsWith('/') ? here(part) : part))
        .join(':'),
    ]);
    const env: Record<string, string> = { ...Object.fromEntries(own), ...more };
    // git is the machine's.
    return { ...env, PATH: `${env['PATH']}:${process.env['PATH']}` };
  }

  const user = isRoot ? { uid, gid: uid } : {};

  /** `docker run` with another command. */
  function start(command: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const entry: readonly string[] = JSON.parse(lastOf(runtime, 'ENTRYPOINT').text);
    const [program = '', ...rest] = [...entry.map(here), ...command];
    const child = spawn(here(`/usr/local/bin/${program}`), rest, {
      cwd: here(image.workdir),
      env: environment(more),
      ...user,
    });
    children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<unknown>((resolve) =>
      child.once('exit', (code, name) => resolve(code ?? name)),
    );
    return { child, said: () => said, ended };
  }

  /** `docker exec` */
  async function inside(
    program: string,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ) {
    const options = { cwd: here(image.workdir), env: environment(more), ...user };
    const done = promisify(execFile)(here(program), args, options);
    return done.then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      (error) => ({ code: Number(error.code), said: String(error.stdout) + String(error.stderr) }),
    );
  }

  test('the steps that were not carried out — are those of the distribution alone', () => {
    expect(image.skipped).toHaveLength(1);
    expect(image.skipped[0]).toMatch(/ ca-certificates git /);
    expect(image.skipped[0]).toContain(`--owner=${uid} --group=${uid} /var/cache/modelgate`);
  });

  test('what is in it — is what runs, without stand-ins, sources, tests and tools', async () => {
    const files = await readdir(here('/app'), { recursive: true });
    const own = files.filter((file) => !file.startsWith('node_modules/'));
    const lock = JSON.parse(readFileSync(here('/app/node_modules/.package-lock.json'), 'utf8'));

    expect((await readdir(here('/app'))).toSorted()).toEqual([
      'LICENSE',
      'bin',
      'dist',
      'node_modules',
      'package.json',
    ]);
    expect(own.filter((file) => /sandbox|\.ts$|\btest\b/.test(file))).toEqual([]);
    expect(Object.values<{ dev?: boolean }>(lock.packages).filter(({ dev }) => dev)).toEqual([]);
    expect(existsSync(here('/app/node_modules/typescript'))).toBe(false);
  });

  test('the tree — takes nothing from the user that the image runs as', async () => {
    const write = "require('fs').writeFileSync(process.argv[1], '')";
    const { said } = await inside('/usr/local/bin/node', ['-e', write, here('/app/dist/x')]);

    expect(said).toMatch(/EACCES|EROFS/);
    expect(existsSync(here('/app/dist/x'))).toBe(false);
  });

  test(
    'serve — answers /readyz, is healthy, and ends at SIGTERM as if all were well',
    { timeout: 60_000 },
    async () => {
      const port = String(await freePort());
      const served = start(JSON.parse(lastOf(runtime, 'CMD').text), {
        REDIS_URL: redis.url,
        MODELGATE_LISTEN_PORT: port,
      });
      const ready = () =>
        fetch(`http://127.0.0.1:${port}/readyz`).then(
          ({ status }) => status === 200,
          () => false,
        );
      await eventually(`/readyz answers 200`, ready, 20_000).catch((error) => {
        throw new Error(served.said(), { cause: error });
      });

      expect(await health(port)).toBe(0);
      served.child.kill('SIGTERM');
      expect(await served.ended).toBe(0);
      expect(await health(port)).toBe(1);
    },
  );

  async function health(port: string): Promise<number> {
    const [, list = ''] = /CMD (\[.*\])$/.exec(lastOf(runtime, 'HEALTHCHECK').text) ?? [];
    const [program = '', ...args]: readonly string[] = JSON.parse(list);
    return (await inside(`/usr/local/bin/${program}`, args, { MODELGATE_LISTEN_PORT: port })).code;
  }

  test('worker --role gate — starts to work on a read-only tree', { timeout: 60_000 }, async () => {
    const port = String(await freePort());
    const worker = start(['worker', '--role', 'gate'], { REDIS_URL: redis.url, MODELGATE_LISTEN_PORT: port });
    await eventually('worker started', () => worker.said().includes('worker started'), 20_000);

    expect(await health(port)).toBe(0);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.said()).not.toMatch(/EACCES|EROFS/);
  });

  test('modelgate — is a command in it, for CI jobs', async () => {
    const { code, said } = await inside('/app/bin/modelgate', ['check', '--help']);

    expect([code, said]).toEqual([0, expect.stringContaining('--report <format>=<file>')]);
  });

  test('demo — says kindly that it is not in this installation', async () => {
    const { code, said } = await inside('/app/bin/modelgate', ['demo']);

    expect(code).toBe(2);
    expect(said).toContain('the demo is not in this installation');
    expect(said).toContain('npm run demo');
    expect(said).not.toContain('    at ');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
