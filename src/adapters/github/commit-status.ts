import { CommitStatus } from './answers.ts';
import type { InRepository } from './in-repository.ts';
import { readPages } from './pages.ts';
import type { StatusPlace } from './status-place.ts';
import type { StatusWords } from './status-words.ts';

/** GitHub keeps a thousand of one context on a commit; ours is among the newest (specs git-hosts 3.2). */
const maxPages = 3;

/** Our newest status of the commit. @throws UserError `host-refused` when there is no such commit. */
export async function findStatus(
  repositories: InRepository,
  { repositoryId, sha, name }: StatusPlace,
  signal: AbortSignal,
): Promise<CommitStatus | undefined> {
  const route = 'GET /commits/{ref}/statuses';
  const rows = readPages({ schema: CommitStatus, what: 'a status of the commit', maxPages }, (page) => {
    const parameters = { ref: sha, ...page };
    return repositories.send({ repositoryId, route, parameters, purpose: 'write' }, signal);
  });
  for await (const status of rows) {
    // GitHub does not tell contexts apart by case.
    if (status.context.toLowerCase() === name) return status;
  }
  return undefined;
}

/** Writes the words unless the newest status says them already. */
export async function ensureStatus(
  repositories: InRepository,
  wanted: {
    readonly place: StatusPlace;
    readonly words: StatusWords;
    readonly latest: CommitStatus | undefined;
  },
  signal: AbortSignal,
): Promise<void> {
  const { place, words, latest } = wanted;
  const { state, description, url } = words;
  if (latest?.state === state && latest.description === description && (latest.target_url ?? '') === url)
    return;
  const parameters = { sha: place.sha, state, description, context: place.name };
  const link = url === '' ? {} : { target_url: url };
  const { repositoryId } = place;
  await repositories.send(
    { repositoryId, route: 'POST /statuses/{sha}', parameters: { ...parameters, ...link }, purpose: 'write' },
    signal,
  );
}
