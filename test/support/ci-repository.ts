import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { git, makeRepository, type Files } from './git-repository.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'auto-mpg');
const pipeline = 'pipelines/production-pipeline.yaml';
const pointer = 'data/auto-mpg.csv.dvc';
const md5 = 'c40f78a049414c5e4aac2680aa96908f';

/** A file whose name would be a command, were its name printed where a runner reads commands. */
const hostileName = '::error::hello.dvc';

/** The example as a Git host has it: branches `main`, `good` (all is right) and `broken` on purpose, and its data on a remote. */
export interface CiRepository {
  /** What is cloned. */
  readonly url: string;
  readonly directory: string;
}

/** Makes the repository and its data remote below a folder. */
export async function makeCiRepository(folder: string): Promise<CiRepository> {
  const store = join(folder, 'store');
  const object = join(store, 'files', 'md5', md5.slice(0, 2), md5.slice(2));
  await mkdir(dirname(object), { recursive: true });
  await writeFile(object, await readFile(join(example, 'data', 'auto-mpg.csv')));
  const read = (path: string) => readFile(join(example, 'repository', path), 'utf8');
  const main: Files = {
    '.dvc/config': `[core]\n    remote = storage\n['remote "storage"']\n    url = ${store}\n`,
    '.modelgate.yaml': await read('.modelgate.yaml'),
    [pipeline]: await read(pipeline),
    [pointer]: await read(pointer),
  };
  const directory = join(folder, 'origin');
  await makeRepository(directory, [
    { branch: 'main', files: main },
    { branch: 'good', from: 'main', files: { ...main, [pipeline]: `${String(main[pipeline])}\n# tidy\n` } },
    {
      branch: 'broken',
      from: 'main',
      files: {
        ...main,
        [pipeline]: String(main[pipeline]).replace('producerTask: train\n', 'producerTask: trian\n'),
        [pointer]: String(main[pointer]).replace(md5, md5.replace('0', '1')),
        [hostileName]: 'outs: [\n',
        // Reports that a change brings along are nobody's.
        'modelgate-codequality.json': '[]\n',
        'modelgate-junit.xml': '<testsuites/>\n',
      },
    },
  ]);
  return { url: pathToFileURL(directory).href, directory };
}

/** A clone with all branches, as `actions/checkout` makes with `fetch-depth: 0`: the head is no branch. */
export async function cloneWhole(url: string, to: string, branch: string): Promise<void> {
  await git('/', ['clone', '--quiet', url, to]);
  await git(to, ['checkout', '--quiet', '--detach', `origin/${branch}`]);
}

/** A clone of the head alone, as GitLab's runner makes: no other branch is there. */
export async function cloneHead(url: string, to: string, branch: string): Promise<void> {
  await mkdir(to);
  await git(to, ['init', '--quiet']);
  await git(to, ['remote', 'add', 'origin', url]);
  await git(to, ['fetch', '--quiet', 'origin', `+refs/heads/${branch}:refs/pipelines/1`]);
  await git(to, ['checkout', '--quiet', '--detach', 'refs/pipelines/1']);
}

/** Runs a script in bash, as runners do: it ends at the first command that fails. */
export async function runScript(
  script: string,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], options);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  return { code, said };
}
