import { requireLevel, visibleProject } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Answer, type Call, type Json, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, requiredText, textParam } from '../api/params.ts';
import { resolveCommit } from '../../git/bare-repository.ts';
import { callHooks } from '../hooks/send.ts';
import { badParameter, invalidRecord, notFound } from '../refusal.ts';
import type { Project } from '../state.ts';
import {
  deploymentStates,
  type Deployment,
  type DeploymentState,
  type Environment,
} from '../state-deployments.ts';
import type { World } from '../world.ts';
import { findOrCreate, requireDeployer } from './environments.ts';
import { move } from './machine.ts';
import { deploymentPayload, presentDeployment } from './present.ts';

const all = '/projects/:id/deployments';
const one = `${all}/:deployment_id`;

/** Deployments that a client tells of (specs git-hosts 3.7). */
export function deploymentRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: all, handle: list },
    { method: 'POST', pattern: all, handle: create },
    { method: 'GET', pattern: one, handle: show },
    { method: 'PUT', pattern: one, handle: update },
  ];

  function list(call: Call): Answer {
    const project = projectOf(call, 20);
    const { params } = call;
    const environment = textParam(params, 'environment');
    const states = ['created', ...deploymentStates, 'skipped', 'blocked'] as const;
    const status = choiceParam(params, 'status', states);
    const orders = ['id', 'iid', 'created_at', 'updated_at', 'finished_at'] as const;
    const by = choiceParam(params, 'order_by', orders) ?? 'id';
    const sign = (choiceParam(params, 'sort', ['asc', 'desc']) ?? 'asc') === 'asc' ? 1 : -1;
    const key = (entry: Deployment): number =>
      by === 'updated_at' || by === 'finished_at' ? entry.updatedAt.getTime() : entry.id;
    const wanted = project.deployments
      .filter((entry) => (environment ?? entry.environment.name) === entry.environment.name)
      .filter((entry) => (status ?? entry.status) === entry.status)
      .toSorted((a, b) => (key(a) - key(b) || a.id - b.id) * sign);
    return paged(world, call, `/projects/${project.id}/deployments`, wanted, (entry) =>
      presentDeployment(world, entry),
    );
  }

  async function create(call: Call): Promise<Answer> {
    const project = projectOf(call, 30);
    const { params } = call;
    const name = requiredText(params, 'environment');
    const fields = {
      sha: requiredText(params, 'sha'),
      ref: requiredText(params, 'ref'),
      tag: requiredText(params, 'tag') === 'true',
    };
    const status = requiredState(params);
    if ((await resolveCommit(project.directory, fields.ref)) === undefined)
      throw invalidRecord({ ref: ['The branch or tag does not exist'] });
    const environment = findOrCreate(world, project, name);
    requireDeployer(project, call.caller.user, name);
    const last = lastDeployment(project, environment);
    if (last !== undefined && isSame(last, { ...fields, status }))
      return created(presentDeployment(world, last));
    if ((await resolveCommit(project.directory, fields.sha)) === undefined)
      throw invalidRecord({ sha: ['The commit does not exist'] });
    const now = world.now();
    const deployment: Deployment = {
      ...fields,
      id: world.nextId(),
      iid: project.deployments.length + 1,
      environment,
      user: actOf(call).user,
      createdAt: now,
      updatedAt: now,
      status: 'created',
    };
    move(deployment, status);
    project.deployments.push(deployment);
    await tell(call, project, deployment);
    return created(presentDeployment(world, deployment));
  }

  function show(call: Call): Answer {
    return ok(presentDeployment(world, deploymentOf(projectOf(call, 20), call)));
  }

  async function update(call: Call): Promise<Answer> {
    const project = projectOf(call, 30);
    const deployment = deploymentOf(project, call);
    requireDeployer(project, call.caller.user, deployment.environment.name);
    move(deployment, requiredState(call.params));
    deployment.updatedAt = world.now();
    await tell(call, project, deployment);
    return ok(presentDeployment(world, deployment));
  }

  function tell(call: Call, project: Project, deployment: Deployment): Promise<void> {
    return callHooks(world, project, {
      event: 'deployment',
      trigger: 'Deployment Hook',
      payload: () => deploymentPayload(world, project, deployment),
      chain: actOf(call).chain,
    });
  }

  function projectOf(call: Call, level: 20 | 30): Project {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    requireLevel(project, call.caller.user, level);
    return project;
  }
}

function deploymentOf(project: Project, call: Call): Deployment {
  const found = project.deployments.find((entry) => String(entry.id) === call.path['deployment_id']);
  if (found === undefined) throw notFound('Deployment');
  return found;
}

function requiredState(params: Json): DeploymentState {
  const status = choiceParam(params, 'status', deploymentStates);
  if (status === undefined) throw badParameter('status is missing');
  return status;
}

/** What the environment has now: the last that succeeded. */
function lastDeployment(project: Project, environment: Environment): Deployment | undefined {
  const succeeded = project.deployments.filter(
    (entry) => entry.environment === environment && entry.status === 'success',
  );
  return succeeded.toSorted((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime() || a.id - b.id).at(-1);
}

/** One that would say again what the last one says is that one. */
function isSame(last: Deployment, wanted: Pick<Deployment, 'sha' | 'ref' | 'tag' | 'status'>): boolean {
  const { sha, ref, tag, status } = wanted;
  return last.sha === sha && last.ref === ref && last.tag === tag && last.status === status;
}
