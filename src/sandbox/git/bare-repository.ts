import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, tryGit } from './run.ts';

/** 40 zeros: the side of a change where a ref did not exist. */
export const zeroSha = '0'.repeat(40);

/** A ref that was created (`old` zero), moved, or deleted (`new` zero). */
export interface RefChange {
  readonly ref: string;
  readonly old: string;
  readonly new: string;
}

const config = `[core]
\trepositoryformatversion = 0
\tbare = true
[http]
\treceivepack = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[receive]
\tautogc = false
\thideRefs = refs/merge-requests
\thideRefs = refs/pull
[gc]
\tauto = 0
`;

/** Lays out an empty bare repository without starting git, so that a sandbox is up at once. */
export async function initBareRepository(directory: string, defaultBranch: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info']) {
    await mkdir(join(directory, folder), { recursive: true });
  }
  await writeFile(join(directory, 'config'), config);
  await writeFile(join(directory, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
}

/** All refs and what they point at. */
export async function readRefs(directory: string): Promise<ReadonlyMap<string, string>> {
  const text = await git(directory, ['for-each-ref', '--format=%(objectname) %(refname)']);
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]));
}

/** What changed between two readings of the refs. */
export function compareRefs(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly RefChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map((ref) => ({ ref, old: before.get(ref) ?? zeroSha, new: after.get(ref) ?? zeroSha }))
    .filter((change) => change.old !== change.new);
}

/** The full SHA of a commit (tags peeled), or undefined when there is none of that name. */
export async function resolveCommit(directory: string, name: string): Promise<string | undefined> {
  return (await readBranchFile(directory, name)) ?? parseRevision(directory, name);
}

/** Branches are files here (nothing packs them), and reading one is much quicker than asking git. */
async function readBranchFile(directory: string, name: string): Promise<string | undefined> {
  if (!/^refs\/heads\/[\w./-]+$/.test(name) || name.includes('..')) return undefined;
  const text = await readFile(join(directory, name), 'utf8').catch(() => '');
  return /^([0-9a-f]{40})\n$/.exec(text)?.[1];
}

async function parseRevision(directory: string, name: string): Promise<string | undefined> {
  const { code, stdout } = await tryGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return code === 0 ? stdout.trim() : undefined;
}

/** Points a ref somewhere, or deletes it where `sha` is undefined. */
export async function setRef(directory: string, ref: string, sha: string | undefined): Promise<void> {
  await git(directory, sha === undefined ? ['update-ref', '-d', ref] : ['update-ref', ref, sha]);
}

/** Brings a commit from one repository on this disk into another, under `ref`. */
export async function copyCommit(from: string, to: string, sha: string, ref: string): Promise<void> {
  if (from === to) return setRef(to, ref, sha);
  await git(to, ['fetch', '--quiet', '--no-tags', from, `+${sha}:${ref}`]);
}
