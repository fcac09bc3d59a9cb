import { readRefs } from '../../git/bare-repository.ts';
import { openRepository } from '../access.ts';
import { ok, type Answer, type Call, type Route } from '../api/call.ts';
import { nodeId, type World } from '../world.ts';
import { apiOf } from './urls.ts';

/** The refs that begin with a text: an empty list where there is none. */
export function matchingRefRoutes(world: World): readonly Route[] {
  return [{ method: 'GET', pattern: '/repos/:owner/:repo/git/matching-refs/*ref', handle: list }];

  async function list(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, { any: ['contents'], access: 'read' });
    const api = apiOf(world, repository);
    const found = [...(await readRefs(repository.directory))]
      .filter(([ref]) => ref.startsWith(`refs/${call.path['ref']}`))
      .map(([ref, sha]) => ({
        ref,
        node_id: nodeId('REF', `${repository.id}:${ref}`),
        url: `${api}/git/${ref}`,
        object: { sha, type: 'commit', url: `${api}/git/commits/${sha}` },
      }));
    return ok(found);
  }
}
