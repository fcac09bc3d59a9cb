import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../src/formats/manifest/read-manifest.ts';
import { readPolicy } from '../../src/formats/policy/read-policy.ts';
import { createSource } from '../../src/formats/source.ts';
import { ruleIds } from '../../src/rules/index.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'releasing.md'), 'utf8');

function block(language: string, beginning: string): string {
  const found = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find(
    ([, name, text = '']) => name === language && text.startsWith(beginning),
  );
  return found?.[2] ?? '';
}

describe('docs/releasing.md', () => {
  test('its policy — right, and all of it is checked', () => {
    const policy = readPolicy(createSource('.modelgate.yaml', block('yaml', '# .modelgate.yaml')), ruleIds);

    expect(policy.problems).toEqual([]);
    expect(policy.notChecked).toEqual([]);
    expect(policy.value.production?.environment).toBe('prod');
  });

  test('its manifest — can be read', () => {
    expect(readManifest(Buffer.from(block('json', '{'))).kind).toBe('manifest');
  });
});
