import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFoundation } from '../../src/compose/foundation.ts';
import { createStores } from '../../src/compose/stores.ts';
import type { Subject } from '../../src/domain/subject.ts';

const signal = new AbortController().signal;

test('an object that was seen and is gone — is trusted for a change, never for the tip of a branch', async () => {
  const root = mkdtempSync(join(tmpdir(), 'modelgate-stores-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const data = join(root, 'data');
  const file = join(root, 'modelgate.yaml');
  writeFileSync(
    file,
    `hosts:
  - { id: corp, kind: gitlab, url: "http://127.0.0.1:9", token: "\${TOKEN}", webhookSecrets: ["\${SECRET}"], repositories: ["ml/*"] }
remotes:
  - { url: "${data}", repositories: ["ml/*"], credentials: anonymous }
`,
  );
  const env = { TOKEN: 'glpat-not-a-real-token', SECRET: 'not-a-real-secret' };
  const foundation = createFoundation({ env, cwd: root, home: root, writeLog: () => undefined }, file);
  onTestFinished(() => foundation.close());
  const stores = createStores(foundation, undefined);
  const key = 'files/md5/01/23456789abcdef0123456789abcdef';
  async function seen(about: Subject['kind']): Promise<string | undefined> {
    const remote = { name: 'storage', url: data, settings: {} };
    const opened = stores({ host: 'corp', id: '12', path: 'ml/auto-mpg' }, about).open(remote);
    if (opened.kind !== 'open') throw new Error(opened.message);
    const [state] = await opened.store.stat([{ key, version: undefined }], signal);
    return state?.kind;
  }
  mkdirSync(join(data, 'files/md5/01'), { recursive: true });
  writeFileSync(join(data, key), 'x');
  expect([await seen('change'), await seen('branch')]).toEqual(['present', 'present']);
  rmSync(join(data, key));

  expect(await seen('change')).toBe('present');
  expect(await seen('branch')).toBe('missing');
});
