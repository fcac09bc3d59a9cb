import type { Release } from '../../domain/release.ts';
import type { Run } from '../../domain/run.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';

/** Of each line so many releases are looked through: tips that people look at are new. */
const looked = 20;

/** The newest release of the commit that a run judged, where that is the tip of a branch. */
export async function releaseOfTip(
  { subject, change }: Pick<Run, 'subject' | 'change'>,
  store: Pick<ReleaseStore, 'lines' | 'list'>,
): Promise<Release | undefined> {
  if (subject.kind !== 'branch') return undefined;
  const lines = (await store.lines()).filter(
    ({ line }) => line.host === subject.host && line.repositoryId === subject.repositoryId,
  );
  const lists = await Promise.all(lines.map(({ line }) => store.list({ line, limit: looked })));
  return lists
    .flat()
    .filter(({ commit }) => commit === change.head)
    .toSorted((one, other) => (one.began < other.began ? 1 : -1))[0];
}
