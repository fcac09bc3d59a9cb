import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';

/** A repository with a commit on `main` that has a remote, and one on `change`, checked out, with the files as well. */
export async function makeRepository(
  directory: string,
  config: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--initial-branch=main']);
  const base = { '.dvc/config': config, 'README.md': 'bench\n' };
  await git(directory, ['fast-import', '--quiet'], commit('main', base) + commit('change', files, 'main'));
  await git(directory, ['checkout', '--quiet', '--force', 'change']);
}

function commit(branch: string, files: Readonly<Record<string, string>>, from?: string): string {
  const head = [
    `commit refs/heads/${branch}`,
    'committer Bench <bench@example.com> 1700000000 +0000',
    'data 5',
    'bench',
  ];
  const origin = from === undefined ? [] : [`from refs/heads/${from}`];
  const changes = Object.entries(files).map(
    ([path, text]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}`,
  );
  return [...head, ...origin, ...changes, ''].join('\n');
}

async function git(cwd: string, args: readonly string[], input = ''): Promise<void> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const child = spawn('git', args, { cwd, env, stdio: ['pipe', 'ignore', 'inherit'] });
  // A git that ends early tells by its code; the pipe that it left behind is no news.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${String(code)}`);
}
