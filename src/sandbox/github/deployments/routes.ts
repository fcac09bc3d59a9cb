import { resolveCommit } from '../../git/bare-repository.ts';
import { openRepository } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, requiredText, textParam } from '../api/params.ts';
import { Refusal, invalidRequest, notFound } from '../refusal.ts';
import type { Repository } from '../state.ts';
import { deploymentStates, type Deployment } from '../state-deployments.ts';
import type { World } from '../world.ts';
import { presentDeployment, presentDeploymentStatus } from './present.ts';
import { flagParam, payloadParam, textsParam } from './read-fields.ts';
import { mergeDefault, requireContexts } from './required.ts';
import { addStatus, createDeployment, endOlder } from './write.ts';

const reading = { any: ['deployments'], access: 'read' } as const;
const writing = { any: ['deployments'], access: 'write' } as const;
const all = '/repos/:owner/:repo/deployments';
const one = `${all}/:id`;
const maxDescription = 140;

/** Deployments and what is said of them (specs git-hosts 3.3). */
export function deploymentRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: all, handle: list },
    { method: 'POST', pattern: all, handle: create },
    { method: 'GET', pattern: one, handle: show },
    { method: 'GET', pattern: `${one}/statuses`, handle: listStatuses },
    { method: 'POST', pattern: `${one}/statuses`, handle: createStatus },
  ];

  function list(call: Call): Answer {
    const repository = openRepository(world, call, reading);
    const wanted = (name: string, value: string): boolean => {
      const asked = textParam(call.params, name);
      return asked === undefined || asked === 'none' || asked === value;
    };
    const found = repository.deployments.filter(
      ({ sha, ref, task, environment }) =>
        wanted('sha', sha) &&
        wanted('ref', ref) &&
        wanted('task', task) &&
        wanted('environment', environment),
    );
    return paged(call, found.toReversed(), (entry) => presentDeployment(world, repository, entry));
  }

  async function create(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, writing);
    const { params } = call;
    const ref = requiredText(params, 'ref');
    const sha = await resolveCommit(repository.directory, ref);
    if (sha === undefined) throw new Refusal(422, { message: `No ref found for: ${ref}` });
    const act = actOf(call);
    const environment = textParam(params, 'environment') ?? 'production';
    const fields = {
      sha,
      ref,
      environment,
      task: textParam(params, 'task') ?? 'deploy',
      payload: payloadParam(params),
      description: textParam(params, 'description', maxDescription),
      transient: flagParam(params, 'transient_environment') ?? false,
      production: flagParam(params, 'production_environment') ?? environment === 'production',
    };
    if (flagParam(params, 'auto_merge') ?? true) {
      const message = await mergeDefault(world, act, repository, ref);
      if (message !== undefined) return { status: 202, body: { message } };
    }
    requireContexts(repository, { ref, sha }, textsParam(params, 'required_contexts'));
    const made = await createDeployment(world, act, repository, fields);
    return created(presentDeployment(world, repository, made));
  }

  function show(call: Call): Answer {
    const { repository, deployment } = deploymentOf(call, reading);
    return ok(presentDeployment(world, repository, deployment));
  }

  function listStatuses(call: Call): Answer {
    const { repository, deployment } = deploymentOf(call, reading);
    return paged(call, deployment.statuses.toReversed(), (status) =>
      presentDeploymentStatus(world, repository, { deployment, status }),
    );
  }

  async function createStatus(call: Call): Promise<Answer> {
    const { repository, deployment } = deploymentOf(call, writing);
    const { params } = call;
    const act = actOf(call);
    const state = choiceParam(params, 'state', deploymentStates);
    if (state === undefined) throw invalidRequest('"state" wasn\'t supplied.');
    const status = await addStatus(
      world,
      act,
      { repository, deployment },
      {
        state,
        description: textParam(params, 'description', maxDescription) ?? '',
        environment: textParam(params, 'environment') ?? deployment.environment,
        logUrl: textParam(params, 'log_url') ?? textParam(params, 'target_url') ?? '',
        environmentUrl: textParam(params, 'environment_url') ?? '',
      },
    );
    const endsOlder = flagParam(params, 'auto_inactive') ?? true;
    if (state === 'success' && endsOlder) await endOlder(world, act, repository, deployment);
    return created(presentDeploymentStatus(world, repository, { deployment, status }));
  }

  function deploymentOf(
    call: Call,
    needs: typeof reading | typeof writing,
  ): { readonly repository: Repository; readonly deployment: Deployment } {
    const repository = openRepository(world, call, needs);
    const deployment = repository.deployments.find((entry) => String(entry.id) === call.path['id']);
    if (deployment === undefined) throw notFound();
    return { repository, deployment };
  }
}
