import { git, tryGit } from './run.ts';

/** Who writes, and when. */
export interface Author {
  readonly name: string;
  readonly email: string;
  readonly at: Date;
}

/** A commit to be made; `undefined` content deletes a file. */
export interface NewCommit {
  readonly branch: string;
  /** The parent; undefined starts a history. */
  readonly parent: string | undefined;
  readonly files: Readonly<Record<string, string | Buffer | undefined>>;
  readonly message: string;
  readonly author: Author;
}

/** Writes a commit straight into a bare repository with one process, and returns its SHA. */
export async function commitFiles(directory: string, commit: NewCommit): Promise<string> {
  const { author, message, parent } = commit;
  const when = `${Math.floor(author.at.getTime() / 1000)} +0000`;
  const parts: (string | Buffer)[] = [
    'feature get-mark\nfeature done\n',
    `commit refs/heads/${commit.branch}\nmark :1\ncommitter ${author.name} <${author.email}> ${when}\n`,
    data(message),
    parent === undefined ? '' : `from ${parent}\n`,
  ];
  for (const [path, content] of Object.entries(commit.files)) {
    if (content === undefined) parts.push(`D ${quote(path)}\n`);
    else parts.push(`M 100644 inline ${quote(path)}\n`, data(content));
  }
  parts.push('get-mark :1\ndone\n');
  const input = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return (await git(directory, ['fast-import', '--quiet', '--force'], { input })).trim();
}

/** The tree that merging two commits gives, or undefined for a conflict. */
export async function mergeTrees(
  directory: string,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await tryGit(directory, ['merge-tree', '--write-tree', ours, theirs]);
  if (code === 0) return stdout.trim();
  if (code === 1) return undefined;
  throw new Error(`git merge-tree: ${stderr.trim()}`);
}

/** A commit of a tree that is already there; no ref moves. */
export async function commitTree(
  directory: string,
  commit: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: Author;
  },
): Promise<string> {
  const { name, email, at } = commit.author;
  const date = `${Math.floor(at.getTime() / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return (
    await git(directory, ['commit-tree', commit.tree, ...parents], { env, input: commit.message })
  ).trim();
}

function data(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

function quote(path: string): string {
  const escaped = path
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', String.raw`\n`);
  return `"${escaped}"`;
}
