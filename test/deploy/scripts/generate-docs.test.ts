import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { generateDocs } from '../../../deploy/scripts/generate-docs.ts';
import { replacePart } from '../../../deploy/scripts/generated-part.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

describe('generated documentation', () => {
  test('what is in the repository — is what the code says (else: npm run generate)', () => {
    expect(generateDocs(root, { check: true })).toEqual([]);
  });

  test('a stale page — named by a check, repaired without one', () => {
    const copy = mkdtempSync(join(tmpdir(), 'modelgate-docs-'));
    const page = join(copy, 'docs', 'configuration.md');
    try {
      cpSync(join(root, 'docs'), join(copy, 'docs'), { recursive: true });
      generateDocs(copy, { check: false });
      const right = readFileSync(page, 'utf8');
      writeFileSync(
        page,
        right.replaceAll('MODELGATE_LISTEN_PORT', 'OLD_NAME').replace('OLD_NAME', 'MODELGATE_LISTEN_PORT'),
      );

      expect(generateDocs(copy, { check: true })).toEqual(['docs/configuration.md']);
      expect(generateDocs(copy, { check: false })).toEqual(['docs/configuration.md']);
      expect(readFileSync(page, 'utf8')).toBe(right);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  test('a part between markers — replaced, and nothing else', () => {
    const page = 'a\n<!-- generated: begin x -->\nold\n<!-- generated: end x -->\nb\n';

    expect(replacePart(page, 'x', '\nnew\n')).toBe(
      'a\n<!-- generated: begin x -->\n\nnew\n\n<!-- generated: end x -->\nb\n',
    );
    expect(replacePart(replacePart(page, 'x', 'new'), 'x', 'new')).toBe(replacePart(page, 'x', 'new'));
    expect(() => replacePart(page, 'y', 'new')).toThrow('begin y');
  });
});
