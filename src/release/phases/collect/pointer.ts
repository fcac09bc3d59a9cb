import posix from 'node:path/posix';
import type { ModelFile } from '../../../domain/model.ts';
import type { ModelSource } from '../../../domain/policy.ts';
import type { Release } from '../../../domain/release.ts';
import { shortSha, type Sha } from '../../../domain/repository.ts';
import { readDvcConfig } from '../../../formats/dvc/config.ts';
import { readDirListing } from '../../../formats/dvc/dir-listing.ts';
import type { Output } from '../../../formats/dvc/entry.ts';
import { objectKey, versionedKey } from '../../../formats/dvc/layout.ts';
import { readDvcFile } from '../../../formats/dvc/read-dvc-file.ts';
import { findRemote, type ResolvedRemote } from '../../../formats/dvc/remotes.ts';
import { findRoots, rootOf } from '../../../formats/dvc/roots.ts';
import { createSource } from '../../../formats/source.ts';
import type { History, TreeEntry } from '../../../ports/snapshots.ts';
import type { ReleaseWorld } from '../../world.ts';
import { contentOf } from '../plan/observe.ts';
import { metricsAt } from './metrics.ts';
import type { HandedOver } from './next.ts';

type Pointer = Extract<ModelSource, { readonly from: 'pointer' }>;

const listingBytes = 64 * 1024 * 1024;

/** The line of a commit's message that says which run made it: `Modelgate-Run: <run id>`. */
const trailer = /^Modelgate-Run:\s*([0-9a-f-]{36})\s*$/gim;

/** Finds the commit of our run below which the model's pointer was changed, and what it points to. */
export async function byPointer(
  release: Release,
  source: Pointer,
  world: ReleaseWorld,
  signal: AbortSignal,
): Promise<HandedOver> {
  const { repository, branch, commit, training } = release;
  const tip = await world.host.changes.tip(repository.id, branch, signal);
  if (tip === undefined) return { kind: 'missing', reason: `the branch "${branch}" is gone` };
  const history = await world.snapshots.history({ repository, branch, commit: tip.sha }, signal);
  const commits = await history.touching(source.path, { since: commit, tip: tip.sha }, signal);
  const ours = commits.find(({ message }) =>
    [...message.matchAll(trailer)].some(([, run]) => run === training?.runId),
  );
  if (ours === undefined)
    return {
      kind: 'missing',
      reason: `the run has succeeded, and no commit of "${branch}" after ${shortSha(commit)} changes ${source.path} with the line "Modelgate-Run: ${training?.runId ?? ''}" in its message. Let the run commit the pointer with it: the parameter "\${run}" gives the id.`,
    };
  return readPointer(history, ours.sha, { source, release }, world, signal);
}

async function readPointer(
  history: History,
  sha: Sha,
  { source, release }: { readonly source: Pointer; readonly release: Release },
  world: ReleaseWorld,
  signal: AbortSignal,
): Promise<HandedOver> {
  const tree = await history.treeOf(sha, signal);
  const entries = tree === undefined ? [] : await history.trees.list(tree, signal);
  const told = `${source.path} of commit ${shortSha(sha)}`;
  const root = rootOf(source.path, findRoots(entries.map(({ path }) => path))) ?? '';
  const bytes = await contentOf(history, entries, source.path, world, signal);
  const text = createSource(source.path, bytes?.toString('utf8') ?? '');
  const { value, problems } = readDvcFile(text, { root, limits: world.limits });
  const output = value?.outputs[0];
  if (output?.hash === undefined || problems.length > 0)
    return wrong(`${told} is no pointer to a model: ${problems[0]?.message ?? 'it has no md5'}`);
  const remote = await remoteOf({ history, entries, root, output }, world, signal);
  if (typeof remote === 'string') return wrong(`${told}: ${remote}`);
  const files = await filesOf({ output, remote, root, source }, world, signal);
  if (typeof files === 'string') return wrong(`${told}: ${files}`);
  const metrics = await metricsAt(history, entries, { release, world }, signal);
  return { kind: 'model', model: { format: source.format, files, metrics, told } };
}

function wrong(reason: string): HandedOver {
  return { kind: 'wrong', reason };
}

/** The remote that the pointer's file is on, by the configuration of that commit; else why there is none. */
async function remoteOf(
  of: {
    readonly history: History;
    readonly entries: readonly TreeEntry[];
    readonly root: string;
    readonly output: Output;
  },
  world: ReleaseWorld,
  signal: AbortSignal,
): Promise<ResolvedRemote | string> {
  const path = posix.join(of.root, '.dvc/config');
  const bytes = await contentOf(of.history, of.entries, path, world, signal);
  const { value } = readDvcConfig(createSource(path, bytes?.toString('utf8') ?? ''));
  const name = of.output.remote ?? value.defaultRemote?.value;
  const found = name === undefined ? undefined : findRemote(value, name);
  if (found?.kind === 'remote') return found.remote;
  return `${path} has no remote for it. Set a default remote with \`dvc remote default\`.`;
}

/** One file, or those of a directory's listing, which has to be the one that its name says. */
async function filesOf(
  {
    output,
    remote,
    root,
    source,
  }: {
    readonly output: Output;
    readonly remote: ResolvedRemote;
    readonly root: string;
    readonly source: Pointer;
  },
  world: ReleaseWorld,
  signal: AbortSignal,
): Promise<readonly ModelFile[] | string> {
  const { hash, size } = output;
  if (hash === undefined) return 'it has no md5';
  const url = remote.url.replace(/\/$/, '');
  const name = source.file ?? posix.basename(output.path);
  const path = source.path.replace(/\.dvc$/, '');
  if (!hash.directory) {
    const key = remote.versionAware ? versionedKey(root, path) : objectKey(hash.layout, hash.text);
    return [{ path: name, from: `${url}/${key}`, size, digest: { algorithm: 'md5', value: hash.text } }];
  }
  if (remote.versionAware)
    return 'a directory on a remote that keeps versions cannot be published. Hand the model over by manifest, or as one file.';
  const address = `${url}/${objectKey(hash.layout, hash.text)}`;
  const bytes = await world.models.read(address, listingBytes, signal);
  if (bytes === undefined)
    return `the listing ${address} is not on the remote. Run \`dvc push\` in the pipeline.`;
  const read = readDirListing(bytes, hash);
  if (read.kind === 'broken') return `the listing ${address} is broken: ${read.reason}`;
  const { hashes, paths } = read.listing;
  return paths.map((file, index) => {
    const value = hashes[index] ?? '';
    return {
      path: file,
      from: `${url}/${objectKey(hash.layout, value)}`,
      size: undefined,
      digest: { algorithm: 'md5', value } as const,
    };
  });
}
