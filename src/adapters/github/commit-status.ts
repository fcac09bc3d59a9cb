import type { Change } from '../../domain/change.ts';
import { CommitStatus } from './answers.ts';
import type { InRepository } from './in-repository.ts';
import { readPages } from './pages.ts';
import { statusName } from './status-name.ts';
import type { StatusWords } from './status-words.ts';

/** GitHub keeps a thousand of one context on a commit; ours is among the newest (specs git-hosts 3.2). */
const maxPages = 3;

/** Our newest status of the head. @throws UserError `host-refused` when there is no such commit. */
export async function findStatus(
  repositories: InRepository,
  change: Change,
  signal: AbortSignal,
): Promise<CommitStatus | undefined> {
  const route = 'GET /commits/{ref}/statuses';
  const rows = readPages({ schema: CommitStatus, what: 'a status of the head', maxPages }, (page) => {
    const parameters = { ref: change.head, ...page };
    return repositories.send(
      { repositoryId: change.repository.id, route, parameters, purpose: 'write' },
      signal,
    );
  });
  for await (const status of rows) {
    // GitHub does not tell contexts apart by case.
    if (status.context.toLowerCase() === statusName) return status;
  }
  return undefined;
}

/** Writes the words unless the newest status says them already. */
export async function ensureStatus(
  repositories: InRepository,
  wanted: { readonly change: Change; readonly words: StatusWords; readonly latest: CommitStatus | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { change, words, latest } = wanted;
  const { state, description, url } = words;
  if (latest?.state === state && latest.description === description && (latest.target_url ?? '') === url)
    return;
  const parameters = { sha: change.head, state, description, context: statusName };
  const link = url === '' ? {} : { target_url: url };
  const repositoryId = change.repository.id;
  await repositories.send(
    { repositoryId, route: 'POST /statuses/{sha}', parameters: { ...parameters, ...link }, purpose: 'write' },
    signal,
  );
}
