import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the web process — composed — loads openid-client only when somebody signs in', () => {
  const program = `
    import { registerHooks } from 'node:module';
    let loaded = 0;
    registerHooks({ resolve(name, context, next) { if (name === 'openid-client') loaded += 1; return next(name, context); } });
    await import('./src/compose/web.ts');
    const before = loaded;
    const { createGitlabIdentity } = await import('./src/adapters/identity/gitlab.ts');
    const { createDispatchers } = await import('./src/net/dispatchers.ts');
    const dispatchers = createDispatchers();
    const config = { host: 'corp', url: 'http://127.0.0.1:9', clientId: 'a', clientSecret: () => 'secret', tls: {} };
    const identity = createGitlabIdentity(config, { dispatchers, clock: { now: () => new Date() } });
    await identity.begin('http://localhost/', AbortSignal.timeout(5000)).catch(() => undefined);
    console.log(JSON.stringify([before, loaded > 0]));
    await dispatchers.close();
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([0, true]);
});
