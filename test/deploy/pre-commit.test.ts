import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** What pre-commit's documentation allows of a hook, as far as ours uses it. */
const hook = z.strictObject({
  id: z.string().regex(/^[a-z-]+$/),
  name: z.string(),
  description: z.string(),
  entry: z.string(),
  language: z.literal('node'),
  pass_filenames: z.boolean(),
  always_run: z.boolean(),
  require_serial: z.boolean(),
  stages: z.array(z.enum(['pre-commit', 'pre-push', 'manual'])),
  minimum_pre_commit_version: z.string().regex(/^\d+\.\d+\.\d+$/),
});

const hooks = z.array(hook).parse(load(read('.pre-commit-hooks.yaml')));
const { bin, scripts } = z
  .object({ bin: z.record(z.string(), z.string()), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

describe('.pre-commit-hooks.yaml', () => {
  test('one hook — before a push, over the whole working copy', () => {
    expect(hooks).toMatchObject([
      { id: 'modelgate-check', pass_filenames: false, always_run: true, stages: ['pre-push', 'manual'] },
    ]);
  });

  test('its command — is one that the package brings', () => {
    expect(Object.keys(bin)).toContain(hooks[0]?.entry.split(' ')[0]);
  });

  test('an installation from git — is built: npm runs `prepare` there, and no other script', () => {
    expect(scripts['prepare']).toBe('node deploy/scripts/prepare.mjs');
    expect(scripts['prepack']).toBeUndefined();
  });
});
