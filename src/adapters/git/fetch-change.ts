import { createHash } from 'node:crypto';
import { RetryableError, UserError } from '../../errors.ts';
import { toSha } from '../../domain/repository.ts';
import type { Repository, Sha } from '../../domain/repository.ts';
import { hasCommit } from './commit-history.ts';
import type { Mirror } from './open-mirror.ts';
import type { Git } from './run-git.ts';

/** What is to be fetched. */
export interface WantedChange {
  readonly repository: Repository;
  readonly targetBranch: string;
  readonly head: Sha;
  readonly headRef: string;
}

/** What came of it. `broken`: the mirror, not the remote, is at fault. */
export type FetchedChange =
  | { readonly kind: 'fetched'; readonly base: Sha }
  | { readonly kind: 'not-there'; readonly headRef: 'other' | 'absent' }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * Fetches the target's tip and the head without blobs, in one request when all goes well.
 * @throws RetryableError when the host does not answer; UserError `target-gone`.
 */
export async function fetchChange(
  mirror: Mirror,
  wanted: WantedChange,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<FetchedChange> {
  const { git } = await mirror.network();
  const branch = `refs/heads/${checkedRef(wanted.targetBranch)}`;
  const base = { from: branch, to: `refs/gate/base/${slotOf(branch)}` };
  const head = { from: checkedRef(wanted.headRef), to: `refs/gate/head/${slotOf(wanted.headRef)}` };
  let headRef: 'other' | 'absent' = 'other';
  const both = await fetchRefs(git, [base, head], timeoutMs, signal);
  if (both.code !== 0) {
    const there = await refsThere(git, [base.from, head.from], signal);
    if (!there.has(base.from)) throw targetGone(wanted);
    if (there.has(head.from)) return { kind: 'broken', reason: both.complaint };
    headRef = 'absent';
    const alone = await fetchRefs(git, [base], timeoutMs, signal);
    if (alone.code !== 0) return { kind: 'broken', reason: alone.complaint };
  }
  const tip = await commitAt(mirror.local, base.to, signal);
  if (tip === undefined) return { kind: 'broken', reason: 'the fetched target cannot be read' };
  if (await hasCommit(mirror.local, wanted.head, signal)) return { kind: 'fetched', base: tip };
  // The ref lags behind, or has moved on: hosts give a commit by its id as long as they have it.
  await fetchRefs(git, [{ from: wanted.head, to: head.to }], timeoutMs, signal);
  return (await hasCommit(mirror.local, wanted.head, signal))
    ? { kind: 'fetched', base: tip }
    : { kind: 'not-there', headRef };
}

interface RefCopy {
  readonly from: string;
  readonly to: string;
}

async function fetchRefs(
  git: Git,
  refs: readonly RefCopy[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly code: number; readonly complaint: string }> {
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--filter=blob:none', 'origin'];
  return git({ args: [...args, ...refs.map(({ from, to }) => `+${from}:${to}`)], timeoutMs }, signal);
}

/** Which of the refs the remote has. @throws RetryableError when it does not answer. */
async function refsThere(
  git: Git,
  refs: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { code, stdout, complaint } = await git(
    { args: ['ls-remote', '--quiet', 'origin', ...refs] },
    signal,
  );
  if (code !== 0) throw new RetryableError(`the host did not give its refs: ${complaint}`);
  const names = stdout
    .toString('utf8')
    .split('\n')
    .map((row) => row.slice(row.indexOf('\t') + 1));
  return new Set(names);
}

async function commitAt(local: Git, ref: string, signal: AbortSignal): Promise<Sha | undefined> {
  const { code, stdout } = await local(
    { args: ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`] },
    signal,
  );
  return code === 0 ? toSha(stdout.toString('utf8').trim()) : undefined;
}

/**
 * Where a ref is kept, of sixteen places for heads and as many for targets: changes come and go, and refs that each of
 * them left behind would be sent to the host at every fetch. Two that meet in a place only replace each other: what is
 * judged is named by its commit, and a ref tells the next fetch what need not be sent again.
 */
function slotOf(ref: string): string {
  return createHash('sha256').update(ref).digest('hex').slice(0, 1);
}

/** A name that git would take for something else in a refspec never leaves us. */
function checkedRef(ref: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must not get through
  const bad = ref === '' || ref.startsWith('-') || /[\u0000- \u007f~^:?*[\\]|\.\.|@\{|\/$|\.lock$/.test(ref);
  if (!bad) return ref;
  throw new UserError('bad-ref', `${JSON.stringify(ref)} is no name of a branch.`, 'Rename the branch.');
}

function targetGone(wanted: WantedChange): UserError {
  return new UserError(
    'target-gone',
    `Branch ${wanted.targetBranch} does not exist in ${wanted.repository.path}.`,
    'Choose another target branch for the change.',
  );
}
