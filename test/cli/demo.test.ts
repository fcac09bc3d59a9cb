import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/redis.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** What an error of any kind would say, as opposed to the story. */
const trouble = /Error\b|modelgate demo:|^ {4}at /m;
let folder: string;
let group: number | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelgate-demo-test-'));
});
afterEach(async () => {
  if (group !== undefined) signal('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** To the demo and all that belongs to its process group, as a terminal sends it. */
function signal(name: NodeJS.Signals): void {
  try {
    process.kill(-(group ?? 0), name);
  } catch {
    // It has ended.
  }
}

function startDemo() {
  const env = { PATH: process.env['PATH'], TMPDIR: folder };
  const child = spawn(process.execPath, [program, 'demo'], { cwd: folder, env, detached: true });
  group = child.pid;
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<unknown>((resolve) => {
    child.once('exit', (code, name) => resolve(code ?? name));
  });
  return { said: () => said, ended };
}

async function leftBehind(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^modelgate-(?:demo|redis)-/.test(name));
}

/** What a command that the demo shows prints. */
async function tried(command: RegExp, said: string): Promise<string> {
  const [shown = 'false'] = command.exec(said) ?? [];
  return (await promisify(execFile)('sh', ['-c', shown])).stdout;
}

describe('Ctrl-C', () => {
  test.each([
    ['while it starts', 'nothing said yet', ''],
    ['in the middle of the story', 'a status is awaited', 'merge request !1'],
    ['after a verdict', 'the comment is shown', 'the comment:'],
    ['while a run trains', 'a task has ended', 'Kubeflow: the task'],
  ])('%s — ends quietly, and nothing is left behind', { timeout: 60_000 }, async (_when, what, sign) => {
    const { said, ended } = startDemo();
    if (sign === '') await eventually(what, async () => (await leftBehind()).length > 0, 20_000);
    else await eventually(what, () => said().includes(sign), 50_000);

    signal('SIGINT');

    expect(await ended).toBe(130);
    expect(said()).not.toMatch(trouble);
    expect(await leftBehind()).toEqual([]);
  });

  test(
    'twice, as npx passes it on, or in earnest — nothing is left behind',
    { timeout: 30_000 },
    async () => {
      const { said, ended } = startDemo();
      await eventually('a status is awaited', () => said().includes('merge request !1'), 20_000);

      signal('SIGINT');
      signal('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 250));
      signal('SIGINT');

      expect(await ended).toBe(130);
      expect(said()).not.toMatch(trouble);
      expect(await leftBehind()).toEqual([]);
    },
  );

  test(
    'after the story — ends well; a model was released, a worse one was not, and what is shown can be tried',
    { timeout: 150_000 },
    async () => {
      const { said, ended } = startDemo();
      await eventually('the end of the story', () => said().includes('Ctrl-C ends it.'), 120_000);
      expect(said()).toMatch(
        /export AWS_ENDPOINT_URL=http:\/\/\S+:\d+ AWS_ACCESS_KEY_ID=\S+ AWS_SECRET_ACCESS_KEY=\S+\n/,
      );
      const [first, second] = said().split('6. ');
      expect(first).toMatch(/✔ modelgate\/production after .*: released: auto-mpg serves [0-9a-f]{8}\n/);
      expect(second).toMatch(/✘ modelgate\/production after .*: rmse is 5\.88\d*, above the limit of 3\.5\n/);
      const answers = said().match(/→ 200 \{"predictions":\[15\.0\d+\]\}/g);
      expect(answers).toHaveLength(2);
      expect(answers?.[0]).toBe(answers?.[1]);
      expect(await tried(/curl -d .*:predict/, said())).toContain('"predictions":[15.0');
      expect(await tried(/\(\. .* release list\)/, said())).toMatch(
        /failed: .*\n.*released: auto-mpg serves/,
      );

      signal('SIGINT');

      expect(await ended).toBe(0);
      expect(await leftBehind()).toEqual([]);
    },
  );
});
