import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';

/** path → content. A path that is not named does not exist; every commit names its whole tree. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** Commits to write: each has a branch, a parent branch where it has a parent, and its whole tree. */
export interface CommitSpec {
  readonly branch: string;
  readonly from?: string;
  readonly files: Files;
  /** Paths that are symbolic links: their content is the link's target. */
  readonly links?: readonly string[];
}

/** Makes a repository with the commits (one `git fast-import`), and checks out the last one's branch. */
export async function makeRepository(directory: string, commits: readonly CommitSpec[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--initial-branch=main']);
  await git(directory, ['fast-import', '--quiet', '--force'], Buffer.concat(commits.flatMap(commitStream)));
  const last = commits.at(-1)?.branch ?? 'main';
  await git(directory, ['checkout', '--quiet', '--force', last]);
}

/** Runs git with a fixed identity and no user configuration; resolves to its output. */
export async function git(directory: string, args: readonly string[], input?: Buffer): Promise<string> {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Tester',
    GIT_AUTHOR_EMAIL: 'tester@example.com',
    GIT_COMMITTER_NAME: 'Tester',
    GIT_COMMITTER_EMAIL: 'tester@example.com',
  };
  const child = spawn('git', args, { cwd: directory, env });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${Buffer.concat(err).toString()}`);
  return Buffer.concat(out).toString();
}

function commitStream(commit: CommitSpec, index: number): Buffer[] {
  const time = 1_700_000_000 + index;
  const head = [
    `commit refs/heads/${commit.branch}`,
    `committer Tester <tester@example.com> ${time} +0000`,
    'data 6',
    'commit',
    // A branch that exists goes on from its own tip, and may not be named as its own origin.
    ...(commit.from === undefined || commit.from === commit.branch ? [] : [`from refs/heads/${commit.from}`]),
    'deleteall',
    '',
  ];
  const files = Object.entries(commit.files).flatMap(([path, content]) => {
    const bytes = Buffer.from(content);
    const mode = commit.links?.includes(path) === true ? '120000' : '100644';
    return [
      Buffer.from(`M ${mode} inline ${JSON.stringify(path)}\ndata ${bytes.length}\n`),
      bytes,
      Buffer.from('\n'),
    ];
  });
  return [Buffer.from(head.join('\n')), ...files, Buffer.from('\n')];
}
