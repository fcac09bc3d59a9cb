import { tellSuiteHooks } from '../payloads/check.ts';
import { covers } from '../access.ts';
import type { App, Repository } from '../state.ts';
import type { CheckSuite } from '../state-checks.ts';
import type { Act, World } from '../world.ts';

/** A head that came by a push. */
export interface PushedHead {
  readonly sha: string;
  readonly branch: string;
  readonly before: string;
}

/** The suites that a push makes: one for every App that writes checks here, with `requested`. Not for forks. */
export async function requestSuites(
  world: World,
  act: Act,
  repository: Repository,
  head: PushedHead,
): Promise<void> {
  const apps = world.apps.filter((app) =>
    app.installations.some(
      (entry) =>
        covers(entry, repository) && entry.permissions.checks === 'write' && entry.suspendedAt === undefined,
    ),
  );
  for (const app of apps) {
    if (findSuite(repository, app, head.sha) !== undefined) continue;
    const suite = addSuite(world, repository, app, head);
    await tellSuiteHooks(world, act, suite, 'requested');
  }
}

/** The suite that a check run belongs to; made where no push made one, as for the head of a fork. */
export function suiteOf(world: World, repository: Repository, app: App, sha: string): CheckSuite {
  return findSuite(repository, app, sha) ?? addSuite(world, repository, app, { sha });
}

function findSuite(repository: Repository, app: App, sha: string): CheckSuite | undefined {
  return repository.checkSuites.find((suite) => suite.app === app && suite.headSha === sha);
}

function addSuite(
  world: World,
  repository: Repository,
  app: App,
  head: { readonly sha: string; readonly branch?: string; readonly before?: string },
): CheckSuite {
  const suite: CheckSuite = {
    id: world.nextId(),
    repository,
    app,
    headSha: head.sha,
    headBranch: head.branch ?? branchOf(repository, head.sha),
    before: head.before,
    createdAt: world.now(),
    rerequested: false,
    updatedAt: world.now(),
  };
  repository.checkSuites.push(suite);
  return suite;
}

function branchOf(repository: Repository, sha: string): string | undefined {
  const pull = repository.pulls.find((entry) => entry.headSha === sha && entry.headRepository === repository);
  return pull?.headRef ?? repository.mergeGroups.find((group) => group.headSha === sha)?.branch;
}
