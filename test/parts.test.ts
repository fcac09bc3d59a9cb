import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { phaseNames } from '../src/domain/release-phases.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/** Files of `src` and `test` that import something of a folder of `src`, from outside of it. */
function usersOf(folder: string): readonly string[] {
  return [...filesBelow('src'), ...filesBelow('test')].filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const targets = [...text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)].map((match) =>
      relative(root, join(root, dirname(file), match[1] ?? '')),
    );
    return !file.startsWith(`${folder}/`) && targets.some((target) => target.startsWith(`${folder}/`));
  });
}

describe('parts that can be taken out', () => {
  // What an adapter is for stands behind a port: without it, the composition does not compile, and nothing else.
  test.each(['kserve', 'kfp'])(
    'the adapter %s — deleted — breaks the composition and its own tests',
    (name) => {
      const users = usersOf(`src/adapters/${name}`);

      expect(users.length).toBeGreaterThan(1);
      expect(
        users.filter(
          (file) => !file.startsWith('src/compose/') && !file.startsWith(`test/adapters/${name}/`),
        ),
      ).toEqual([]);
    },
  );

  test.each(phaseNames)('the phase %s — has its folder', (name) => {
    expect(existsSync(join(root, 'src/release/phases', name, 'next.ts'))).toBe(true);
  });

  test('a phase — is known to its folder, to the phases that lead to it, and to one table', () => {
    // Two have more to tell in a line than the table has words for.
    const wordy = new Set(['plan', 'train', 'publish']);
    const others = filesBelow('src').filter(
      (file) => !file.startsWith('src/release/phases/') && file !== 'src/domain/release-phases.ts',
    );
    const named = others.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return phaseNames
        .filter(
          (name) =>
            !wordy.has(name) && new RegExp(`phase[^;\\n]*'${name}'|'${name}'[^;\\n]*phase`).test(text),
        )
        .map((name) => `${file}: ${name}`);
    });

    expect(named).toEqual([]);
  });
});
