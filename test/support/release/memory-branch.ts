import { createHash } from 'node:crypto';
import type { Change } from '../../../src/domain/change.ts';
import type { Repository, Sha } from '../../../src/domain/repository.ts';
import type { Host } from '../../../src/ports/host.ts';
import type { Snapshots } from '../../../src/ports/snapshots.ts';
import { createMemoryProduction, type MemoryProduction } from '../memory-production.ts';
import { createMemoryTrees, type MemoryFiles } from '../memory-trees.ts';
import { sampleRun } from '../sample-run.ts';

/** One branch of one repository, its host, and what git would show of both. */
export interface MemoryBranch {
  readonly repository: Repository;
  readonly host: Host;
  readonly snapshots: Snapshots;
  readonly production: MemoryProduction;
  /** Comments below the merged changes, by number. */
  readonly comments: Map<number, string[]>;
  tip(): Sha;
  /** A commit on the branch; files are laid over those of the commit before. */
  commit(files: MemoryFiles, message?: string): Sha;
}

export function createMemoryBranch(first: MemoryFiles): MemoryBranch {
  const repository = sampleRun().change.repository;
  const trees = createMemoryTrees();
  const commits: { readonly sha: Sha; readonly files: MemoryFiles; readonly message: string }[] = [];
  const production = createMemoryProduction();
  const comments = new Map<number, string[]>();

  function commit(files: MemoryFiles, message = 'a commit'): Sha {
    const all = { ...commits.at(-1)?.files, ...files };
    const text = JSON.stringify([commits.length, message, Object.entries(all).map(String)]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is where commits of this stand-in are made
    const sha = createHash('sha1').update(text).digest('hex') as Sha;
    commits.push({ sha, files: all, message });
    return sha;
  }

  const at = (sha: Sha): number => commits.findIndex((one) => one.sha === sha);
  const tip = (): Sha => commits.at(-1)?.sha ?? commit({});
  const treeOf = (sha: Sha) => (at(sha) < 0 ? undefined : trees.add(commits[at(sha)]?.files ?? {}));
  const changeOf = (sha: Sha, over: Partial<Change>): Change => ({
    ...sampleRun().change,
    repository,
    head: sha,
    targetBranch: 'main',
    ...over,
  });

  const host: Host = {
    id: repository.host,
    changes: {
      read: async (subject) => {
        if (subject.kind === 'branch') return changeOf(tip(), { number: undefined, state: 'open' });
        if (subject.kind === 'change') return changeOf(tip(), { number: subject.number, state: 'merged' });
        return undefined;
      },
      listOpen: async () => [],
      listMergeGroups: async () => [],
      ofHead: async () => [],
      repositories: async () => [repository],
      tip: async () => ({ repository, branch: 'main', sha: tip(), isDefault: true }),
      mergedWith: async (repositoryId, sha) => [{ repositoryId, number: at(sha) }],
      comment: async () => undefined,
    },
    reporter: { setStatus: async (_change, _status, memory) => memory },
    comments: {
      read: async () => undefined,
      list: async function* ({ number = 0 }) {
        for (const [id, text] of (comments.get(number) ?? []).entries()) yield { id, text, ours: true };
      },
      create: async ({ number = 0 }, text) => {
        const texts = comments.get(number) ?? [];
        comments.set(number, [...texts, text]);
        return { id: texts.length, text, ours: true };
      },
      edit: async ({ number = 0 }, id, text) => {
        comments.set(number, (comments.get(number) ?? []).with(id, text));
      },
      remove: async ({ number = 0 }, id) => {
        comments.set(number, (comments.get(number) ?? []).toSpliced(id, 1));
      },
    },
    people: { mayPush: async () => true, mayRead: async () => true, idOf: async (login) => login },
    production: production.reporter,
  };

  const snapshots: Snapshots = {
    take: async ({ head, alone }) => {
      const tree = treeOf(head) ?? trees.add({});
      const base = (alone?.since === undefined ? undefined : treeOf(alone.since)) ?? trees.add({});
      return {
        base: { commit: alone?.since ?? head, tree: base },
        head: { commit: head, tree },
        judged: { kind: 'merge-result', tree },
        alone: true,
        trees,
      };
    },
    history: async () => ({
      trees,
      treeOf: async (sha) => treeOf(sha),
      isAncestor: async (older, newer) => at(older) >= 0 && at(older) <= at(newer),
      touching: async (path, { since, tip: newest }) =>
        commits
          .slice(at(since) + 1, at(newest) + 1)
          .filter(
            ({ files }, index, all) => files[path] !== (all[index - 1] ?? commits[at(since)])?.files[path],
          )
          .map(({ sha, message }) => ({ sha, message }))
          .toReversed(),
    }),
  };
  commit(first, 'the first commit');
  return { repository, host, snapshots, production, comments, tip, commit };
}
