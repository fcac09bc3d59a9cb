import { lineKey, type Release, type ReleaseLine } from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import { UserError } from '../../errors.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';

/** Releases that are looked through, and how many at a time. */
const mostLooked = 1000;
const atOnce = 100;
/** Of those that a name fits, how many an error lists. */
const mostListed = 5;

/** The release of that id, or the newest one whose id or commit begins so. @throws UserError `release-unknown`, `release-ambiguous`. */
export async function findRelease(
  named: string,
  store: Pick<ReleaseStore, 'loadRelease' | 'list'>,
): Promise<Release> {
  const name = named.trim().toLowerCase();
  const exact = /^[\w-]{1,128}$/.test(name) ? await store.loadRelease(name) : undefined;
  if (exact !== undefined) return exact;
  if (!/^[0-9a-f]{4,64}$/.test(name)) throw unknownRelease(named);
  const found = new Map<string, Release>();
  for (let offset = 0; offset < mostLooked; offset += atOnce) {
    const batch = await store.list({ offset, limit: atOnce });
    for (const release of batch) {
      if (!release.id.startsWith(name) && !release.commit.startsWith(name)) continue;
      // Attempts of one commit are one thing; the newest comes first.
      const key = `${lineKey(release.line)} ${release.commit}`;
      if (!found.has(key)) found.set(key, release);
    }
    if (batch.length === 0) break;
  }
  const [first, ...others] = found.values();
  if (first === undefined) throw unknownRelease(named);
  if (others.length > 0) throw ambiguousRelease(named, [first, ...others]);
  return first;
}

/** Records that are looked through for the one under way: commits that it made wait and overtook are newer. */
const mostPassed = 100;
const passedAtOnce = 10;

/** The record of what is under way in a line; undefined: nothing is, or it has none yet. */
export async function activeRelease(
  { line, active }: ReleaseLine,
  store: Pick<ReleaseStore, 'list'>,
): Promise<Release | undefined> {
  if (active === undefined) return undefined;
  for (let offset = 0; offset < mostPassed; offset += passedAtOnce) {
    const batch = await store.list({ line, offset, limit: passedAtOnce });
    const found = batch.find(({ commit, attempt }) => commit === active.commit && attempt === active.attempt);
    if (found !== undefined || batch.length === 0) return found;
  }
  return undefined;
}

function unknownRelease(named: string): UserError {
  return new UserError(
    'release-unknown',
    `there is no release ${JSON.stringify(named.slice(0, 80))}`,
    'Name it by its id, or by four or more digits of its id or commit: modelgate release list shows them. Releases are kept for 180 days.',
  );
}

function ambiguousRelease(named: string, found: readonly Release[]): UserError {
  const rows = found.slice(0, mostListed).map(({ id, commit, repository, line }) => {
    return `  ${id}  ${shortSha(commit)} of ${repository.path} to ${line.environment}`;
  });
  const more = found.length > mostListed ? [`  and ${found.length - mostListed} more`] : [];
  return new UserError(
    'release-ambiguous',
    `${JSON.stringify(named)} fits ${found.length} releases`,
    ['Name one of them by its id:', ...rows, ...more].join('\n'),
  );
}

/** The line of that name; undefined: there is none. @throws UserError `line-ambiguous`. */
export function findLine(named: string, lines: readonly ReleaseLine[]): ReleaseLine | undefined {
  const name = named.trim();
  const exact = lines.find(({ line }) => lineKey(line) === name);
  if (exact !== undefined) return exact;
  const found = lines.filter(({ line, repository }) => line.environment === name || repository.path === name);
  if (found.length <= 1) return found[0];
  const rows = found
    .slice(0, mostListed)
    .map(({ line, repository }) => `  ${lineKey(line)}  ${repository.path} to ${line.environment}`);
  throw new UserError(
    'line-ambiguous',
    `${JSON.stringify(name)} fits ${found.length} lines`,
    ['Name one of them whole:', ...rows].join('\n'),
  );
}

/** Says that no line has the name, and which there are. */
export function unknownLine(named: string, lines: readonly ReleaseLine[]): UserError {
  const known = lines.slice(0, mostListed).map(({ line }) => lineKey(line));
  return new UserError(
    'line-unknown',
    `there is no line ${JSON.stringify(named.slice(0, 80))}`,
    known.length === 0
      ? 'A line comes to be with the first release of a repository to an environment; there is none yet.'
      : `Lines are named as host, repository and environment: ${known.join(', ')}; modelgate release list shows all.`,
  );
}
