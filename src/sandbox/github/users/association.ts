import type { Repository, User } from '../state.ts';

/** What the host says of an author; no proof of anything (specs git-hosts 5). */
export function authorAssociation(repository: Repository, user: User): string {
  if (repository.owner === user) return 'OWNER';
  const role = repository.collaborators.get(user.id) ?? 'none';
  if (role !== 'none') return repository.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
  const merged = repository.pulls.some((pull) => pull.user === user && pull.mergedAt !== undefined);
  return merged ? 'CONTRIBUTOR' : 'NONE';
}
