import { afterAll, expect, test } from 'vitest';
import { createServings } from '../../src/compose/serving.ts';
import type { Foundation } from '../../src/compose/foundation.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createDispatchers } from '../../src/net/dispatchers.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { startScriptedServer } from '../support/scripted-server.ts';

const never = new AbortController().signal;
const dispatchers = createDispatchers();
afterAll(() => dispatchers.close());

/** What a configuration composes. */
function compose(kserve: string): (environment: string) => ReturnType<ReturnType<typeof createServings>> {
  const config = loadConfig({
    path: '/modelgate.yaml',
    env: { TOKEN: 'token-of-the-worker' },
    readFile: () =>
      `environments: { prod: { repositories: ["ml/*"] ${kserve === '' ? '' : `, kserve: ${kserve}`} } }`,
    fileSecret: () => () => '',
    addSecret: () => undefined,
  });
  const foundation: Pick<Foundation, 'config' | 'secrets' | 'clock' | 'dispatchers' | 'surroundings'> = {
    config,
    secrets: { add: () => () => undefined, version: () => 0, values: () => [] },
    clock: createHandClock(),
    dispatchers,
    surroundings: { env: {}, cwd: '/', home: '/', writeLog: () => undefined },
  };
  return createServings(foundation);
}

test.each(['staging', 'constructor', ''])('the environment %j — there is none — has no KServe', (name) => {
  expect(compose('{ namespace: serving, services: ["*"] }')(name)).toBeUndefined();
});

test('an environment without kserve — has none', () => {
  expect(compose('')('prod')).toBeUndefined();
});

test('a cluster by address and token — is asked there', async () => {
  const server = await startScriptedServer([{ status: 404, body: '404 page not found' }]);
  const cluster = `{ url: "${server.url}", token: "\${TOKEN}" }`;
  const servings = compose(`{ namespace: serving, services: ["auto-*"], cluster: ${cluster} }`);
  const serving = servings('prod');

  await expect(serving?.read('auto-mpg', never)).rejects.toMatchObject({ code: 'kserve-missing' });
  expect(server.seen[0]).toMatchObject({
    path: '/apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices/auto-mpg',
    headers: { authorization: 'Bearer token-of-the-worker' },
  });
  await expect(serving?.read('other', never)).rejects.toMatchObject({ code: 'service-not-bound' });
  expect(servings('prod')).toBe(serving);
  await server.close();
});

test.each([
  ['kubeconfig: /no/such/file', 'cannot be read [ENOENT]'],
  ['', 'this is no pod of Kubernetes'],
])('a cluster by %j — is looked for when it is asked', async (how, message) => {
  const serving = compose(`{ namespace: serving, services: ["auto-*"]${how === '' ? '' : `, ${how}`} }`)(
    'prod',
  );
  await expect(serving?.read('auto-mpg', never)).rejects.toMatchObject({
    code: 'cluster-credentials',
    message: expect.stringContaining(message),
  });
});
