import { git, tryGit } from './run.ts';

/** What is shown of a commit. */
export interface CommitInfo {
  readonly id: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601 with offset. */
  readonly date: string;
  readonly message: string;
  readonly title: string;
}

const format = ['%H', '%P', '%T', '%an', '%ae', '%aI', '%B'].join('%x00');

/** The commits of a `git log` selection, newest first. */
export async function readCommits(
  directory: string,
  selection: readonly string[],
): Promise<readonly CommitInfo[]> {
  const text = await git(directory, ['log', `--format=${format}%x1e`, ...selection, '--']);
  const records = text.split('\u001e').map((record) => record.replace(/^\n/, ''));
  return records.filter((record) => record !== '').map(readRecord);
}

/** One commit. @throws Error when it is not there. */
export async function readCommit(directory: string, sha: string): Promise<CommitInfo> {
  const [commit] = await readCommits(directory, ['-1', sha]);
  if (commit === undefined) throw new Error(`no commit ${sha} in ${directory}`);
  return commit;
}

function readRecord(record: string): CommitInfo {
  const [id = '', parents = '', tree = '', authorName = '', authorEmail = '', date = '', message = ''] =
    record.split('\0');
  const parentIds = parents.split(' ').filter((parent) => parent !== '');
  const [title = ''] = message.split('\n', 1);
  return { id, parents: parentIds, tree, authorName, authorEmail, date, message, title };
}

/** Whether `ancestor` is `descendant` or one of its ancestors. */
export async function isAncestor(directory: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await tryGit(directory, ['merge-base', '--is-ancestor', ancestor, descendant])).code === 0;
}

/** The best common ancestor, or undefined for unrelated histories. */
export async function mergeBase(directory: string, one: string, other: string): Promise<string | undefined> {
  const { code, stdout } = await tryGit(directory, ['merge-base', one, other]);
  return code === 0 ? stdout.trim() : undefined;
}

/** Branch names whose history contains the commit, sorted. */
export async function branchesContaining(directory: string, sha: string): Promise<readonly string[]> {
  const text = await git(directory, [
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    `--contains=${sha}`,
    'refs/heads',
  ]);
  return text.split('\n').filter((line) => line !== '');
}

/** Paths a commit added, modified and removed against its first parent. */
export interface ChangedPaths {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
}

/** What each commit changed, by one process for all of them. */
export async function changedPaths(
  directory: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, ChangedPaths>> {
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '-z',
    '--root',
    '--no-renames',
    '--name-status',
    '-m',
    '--first-parent',
  ];
  const fields = (await git(directory, args, { input: `${commits.join('\n')}\n` })).split('\0');
  const changes = new Map<string, Record<'A' | 'M' | 'D', string[]>>(
    commits.map((id) => [id, { A: [], M: [], D: [] }]),
  );
  let current: Record<'A' | 'M' | 'D', string[]> | undefined;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? '';
    if (/^[0-9a-f]{40}$/.test(field)) {
      current = changes.get(field);
      continue;
    }
    index += 1;
    current?.[field === 'A' || field === 'D' ? field : 'M'].push(fields[index] ?? '');
  }
  return new Map([...changes].map(([id, { A, M, D }]) => [id, { added: A, modified: M, removed: D }]));
}
