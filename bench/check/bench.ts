import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startChild, type Child } from '../child/start-child.ts';
import { least, median } from '../figures.ts';
import { ratioOf, rowsOf, type Bench, type Row } from '../row.ts';
import { dataFiles, objectsOf, pointersOf, type Layout } from './data.ts';
import { makeRepository } from './repository.ts';
import { runModelgate, type Finished } from './run-modelgate.ts';

/** How much there is to prove. */
export interface CheckSizes {
  readonly times: number;
  /** Few enough to be asked for one by one. */
  readonly few: number;
  readonly files: number;
  readonly entries: number;
}

const sizes: Readonly<Record<'full' | 'quick', CheckSizes>> = {
  full: { times: 5, few: 900, files: 2105, entries: 10_000 },
  quick: { times: 1, few: 100, files: 1200, entries: 2000 },
};

/** `modelgate check` on a laptop, where a change brings many outputs that must be proven. */
export const benchCheck: Bench = (size, tell) => measureCheck(sizes[size], tell);

export async function measureCheck(
  wanted: CheckSizes,
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  const root = await mkdtemp(join(tmpdir(), 'modelgate-bench-'));
  try {
    tell('starting and ending: --version, check --help');
    const rows = [...(await measureStart('--version', ['--version'], wanted, root))];
    rows.push(...(await measureStart('check --help', ['check', '--help'], wanted, root)));
    const kinds = [
      { layout: 'files', count: wanted.few, name: `${wanted.few} .dvc` },
      { layout: 'files', count: wanted.files, name: `${wanted.files} .dvc` },
      { layout: 'directory', count: wanted.entries, name: `one .dir of ${wanted.entries}` },
    ] as const;
    for (const kind of kinds) {
      tell(`${kind.name}, on S3 and on a directory`);
      rows.push(...(await measureOnS3(join(root, `s3-${kind.count}`), kind, wanted)));
      rows.push(...(await measureOnDirectory(join(root, `directory-${kind.count}`), kind, wanted)));
    }
    const starts = kinds.flatMap(({ name }) => ratioOf(rows, 'wall-min', 'check --help', `${name}, S3`));
    return [...rows, ...starts];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface Kind {
  readonly layout: Layout;
  readonly count: number;
  readonly name: string;
}

async function measureOnS3(directory: string, kind: Kind, wanted: CheckSizes): Promise<readonly Row[]> {
  const store = await startChild(new URL('store.ts', import.meta.url), [String(kind.count), kind.layout]);
  try {
    const config = `[core]\n    remote = storage\n['remote "storage"']\n    url = s3://data/dvc\n    endpointurl = ${store.url}\n`;
    await makeRepository(directory, config, pointersOf(dataFiles(kind.count), kind.layout));
    return await measure(directory, kind, { name: `${kind.name}, S3`, times: wanted.times, store });
  } finally {
    await store.stop();
  }
}

async function measureOnDirectory(
  directory: string,
  kind: Kind,
  wanted: CheckSizes,
): Promise<readonly Row[]> {
  const remote = `${directory}-remote`;
  const files = dataFiles(kind.count);
  for (const [key, content] of objectsOf(files, kind.layout)) {
    await mkdir(dirname(join(remote, key)), { recursive: true });
    await writeFile(join(remote, key), content);
  }
  const config = `[core]\n    remote = storage\n['remote "storage"']\n    url = ${remote}\n`;
  await makeRepository(directory, config, pointersOf(files, kind.layout));
  return measure(directory, kind, { name: `${kind.name}, directory`, times: wanted.times, store: undefined });
}

async function measure(
  directory: string,
  kind: Kind,
  how: { readonly name: string; readonly times: number; readonly store: Child | undefined },
): Promise<readonly Row[]> {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'secret-of-the-bench',
    HOME: directory,
  };
  const runs: Finished[] = [];
  const requests: number[] = [];
  for (let time = 0; time < how.times; time += 1) {
    const run = await runModelgate(['check', '--target', 'main', '--format', 'json'], {
      cwd: directory,
      env,
    });
    proveProven(run, kind);
    runs.push(run);
    if (how.store !== undefined) requests.push(await how.store.figure('requests'));
  }
  const counted = requests.length === 0 ? {} : { 's3-requests': median(requests) };
  return [...figuresOf(how.name, runs), ...rowsOf('check', how.name, counted)];
}

/** A check that looked at fewer objects would be quicker. */
function proveProven({ code, stdout }: Finished, { layout, count }: Kind): void {
  const objects = layout === 'files' ? count : count + 1;
  if (code !== 0 || !new RegExp(`"objects":\\s*${objects}\\b`).test(stdout))
    throw new Error(
      `modelgate check ended with ${code} without ${objects} objects: ${stdout.slice(0, 2000)}`,
    );
}

async function measureStart(
  name: string,
  args: readonly string[],
  { times }: CheckSizes,
  cwd: string,
): Promise<readonly Row[]> {
  const runs: Finished[] = [];
  for (let time = 0; time <= times; time += 1) runs.push(await runModelgate(args, { cwd, env: {} }));
  return figuresOf(name, runs.slice(1));
}

function figuresOf(name: string, runs: readonly Finished[]): readonly Row[] {
  return rowsOf('check', name, {
    'wall-min s': least(runs.map(({ wallMs }) => wallMs / 1000)),
    'wall-median s': median(runs.map(({ wallMs }) => wallMs / 1000)),
    'cpu-node s': least(runs.map(({ cpuUs }) => cpuUs / 1e6)),
    'cpu-git s': least(runs.map(({ childrenUs }) => childrenUs / 1e6)),
    'peak-rss MB': median(runs.map(({ peakRssBytes }) => peakRssBytes / 1e6)),
  });
}
