import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('serve, check and the worker — loaded, with environments composed — load the Kubernetes client only when a cluster is asked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelgate-lazy-'));
  const kubeconfig = join(folder, 'config');
  const config = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
    users: [{ name: 'u', user: {} }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const program = `
    import { registerHooks } from 'node:module';
    let loaded = 0;
    registerHooks({ resolve(name, context, next) { if (name.startsWith('@kubernetes/')) loaded += 1; return next(name, context); } });
    for (const command of ['serve', 'check', 'jobs']) await import('./src/cli/' + command + '.ts');
    for (const part of ['serve', 'web', 'worker', 'local']) await import('./src/compose/' + part + '.ts');
    const { createServings } = await import('./src/compose/serving.ts');
    const { createDispatchers } = await import('./src/net/dispatchers.ts');
    const dispatchers = createDispatchers();
    const kserve = { namespace: 'serving', services: ['*'], kubeconfig: ${JSON.stringify(kubeconfig)} };
    const servings = createServings({
      config: { environments: { prod: { kserve } } },
      secrets: { add: () => () => undefined },
      clock: { now: () => new Date() },
      dispatchers,
      surroundings: { env: {} },
    });
    const serving = servings('prod');
    const signal = AbortSignal.timeout(10_000);
    await serving.predict({ service: 'a', url: 'http://127.0.0.1:1', protocol: 'v1', body: {} }, signal).catch(() => undefined);
    const before = loaded;
    const asked = await serving.read('a', signal).catch((error) => error.name);
    console.log(JSON.stringify([before, loaded > 0, asked]));
    await dispatchers.close();
  `;
  try {
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual([0, true, 'RetryableError']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
