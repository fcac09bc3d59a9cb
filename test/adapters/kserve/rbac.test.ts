import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSandboxWorld, type SandboxWorld } from './sandbox-world.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { createServing } from '../../../src/adapters/kserve/serving.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { never } from './kserve-world.ts';

const ruleShape = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
const documents = loadAll(readFileSync('deploy/kubernetes/rbac.yaml', 'utf8'));
const kinds = z.array(z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) }));
const role = z
  .object({ metadata: z.object({ namespace: z.string() }), rules: z.array(ruleShape) })
  .parse(kinds.parse(documents).find(({ kind }) => kind === 'Role'));

/** One right of the Role. */
const rights = role.rules.flatMap(({ apiGroups, resources, verbs }) =>
  apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource }))),
  ),
);

const model = {
  storageUri: 's3://models/auto-mpg/aa/',
  format: 'sklearn',
  canaryTrafficPercent: undefined,
  rolloutId: 'release-a',
};

describe.each(['Knative', 'Standard'] as const)('the Role of the release worker, %s', (defaultMode) => {
  let world: SandboxWorld;
  const account = {
    user: 'system:serviceaccount:modelgate:modelgate-release',
    rules: rights.map(({ verb, group, resource }) => ({
      verbs: [verb],
      groups: [group],
      resources: [resource],
      namespaces: [role.metadata.namespace],
    })),
  };
  beforeEach(
    async () => void (world = await createSandboxWorld({ defaultMode, tokens: { worker: account } })),
  );
  afterEach(() => world.close());

  test('everything that is asked of a cluster — is allowed by it', async () => {
    const dispatchers = createDispatchers();
    const serving = createServing(
      {
        environment: 'prod',
        cluster: { kind: 'given', url: world.sandbox.url, token: () => 'worker', ca: undefined },
        namespace: role.metadata.namespace,
        services: ['*'],
        serviceAccount: 'models-reader',
        gateway: undefined,
      },
      { dispatchers, clock: createHandClock(), env: {}, addSecret: () => () => undefined },
    );
    const service = 'auto-mpg';
    const see = async () => (await serving.read(service, never))?.resourceVersion ?? '';
    expect(await serving.create({ service, model, protocol: 'v2' }, never)).toBe('written');
    await world.bringUp(service);
    const changed = { ...model, storageUri: 's3://models/auto-mpg/bb/', canaryTrafficPercent: 10 };
    const replaced = await serving.replace(
      { service, resourceVersion: await see(), model: changed, before: model },
      never,
    );
    expect(replaced).toBe('written');
    await world.bringUp(service);
    expect((await serving.read(service, never))?.complaints).toEqual([]);
    expect(await serving.remove({ service, resourceVersion: await see() }, never)).toBe('written');
    await dispatchers.close();

    const used = world.sandbox.requests.map(({ verb, group, resource }) => `${verb} ${group}/${resource}`);
    const allowed = rights.map(({ verb, group, resource }) => `${verb} ${group}/${resource}`);
    const ofMode = defaultMode === 'Knative' ? 'apps/' : 'serving.knative.dev/';
    expect(world.sandbox.requests.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
    // And nothing is allowed that is not asked for.
    expect([...new Set(used)].toSorted()).toEqual(
      allowed.filter((right) => !right.includes(ofMode)).toSorted(),
    );
  });
});

test('the Role — is bound to the service account of the release worker', () => {
  expect(documents).toMatchObject([
    { kind: 'ServiceAccount', metadata: { name: 'modelgate-release', namespace: 'modelgate' } },
    { kind: 'Role', metadata: { name: 'modelgate-release' } },
    {
      kind: 'RoleBinding',
      metadata: { namespace: role.metadata.namespace },
      roleRef: { kind: 'Role', name: 'modelgate-release' },
      subjects: [{ kind: 'ServiceAccount', name: 'modelgate-release', namespace: 'modelgate' }],
    },
  ]);
});
