import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

test('the stores — imported, and opened without a request — do not load undici', () => {
  const program = `
    import { createRequire } from 'node:module';
    const { createBoundStores } = await import('./src/adapters/object-store/open-bound-stores.ts');
    const { createDispatchers } = await import('./src/net/dispatchers.ts');
    const dispatchers = createDispatchers();
    const deps = { dispatchers, clock: { now: () => new Date(), sleep: async () => {} }, random: Math.random, env: {}, readFile: async () => undefined, home: '/' };
    createBoundStores([{ url: 's3://bucket/p', credentials: 'anonymous' }], deps).open({ name: 'r', url: 's3://bucket/p', settings: {} });
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('undici')).length;
    const before = loaded();
    await dispatchers.for({});
    console.log(JSON.stringify([before, loaded() > 0]));
    await dispatchers.close();
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([0, true]);
});
