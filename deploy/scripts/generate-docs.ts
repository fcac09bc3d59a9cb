import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema, manifestJsonSchema, policyJsonSchema } from '../../src/config/json-schema.ts';
import { ruleDescriptions, ruleIds } from '../../src/rules/index.ts';
import { replacePart } from './generated-part.ts';
import { ruleHeader, ruleIndex } from './rule-pages.ts';
import { settingsSections } from './settings-table.ts';
import { telemetryTables } from './telemetry-page.ts';

/** A file that is written from the code, wholly or in part. */
interface Generator {
  /** Path from the top of the repository. */
  readonly file: string;
  /** The new text; `current` is the text that is there, or empty. */
  readonly make: (current: string) => string;
}

const generators: readonly Generator[] = [
  { file: 'docs/modelgate.schema.json', make: () => json(configJsonSchema()) },
  { file: 'docs/policy.schema.json', make: () => json(policyJsonSchema(ruleIds)) },
  { file: 'docs/manifest.schema.json', make: () => json(manifestJsonSchema()) },
  {
    file: 'docs/configuration.md',
    make: (current) =>
      replacePart(
        replacePart(current, 'settings', settingsSections(configJsonSchema(), { env: true })),
        'policy',
        settingsSections(policyJsonSchema(['<rule>']), { env: false }),
      ),
  },
  {
    file: 'docs/telemetry.md',
    make: (current) => replacePart(current, 'telemetry', telemetryTables()),
  },
  {
    file: 'docs/rules/README.md',
    make: (current) => replacePart(current, 'index', ruleIndex(ruleDescriptions)),
  },
  ...ruleDescriptions.map((rule) => ({
    file: `docs/rules/${rule.id}.md`,
    make: (current: string) => replacePart(current, 'rule', ruleHeader(rule)),
  })),
];

/** Files whose generated text differs from what is there; unless `check`, they are written. */
export function generateDocs(root: string, options: { readonly check: boolean }): readonly string[] {
  return generators.flatMap(({ file, make }) => {
    const path = join(root, file);
    const current = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const next = make(current);
    if (next === current) return [];
    if (!options.check) writeFileSync(path, next);
    return [file];
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function main(): void {
  const check = process.argv.includes('--check');
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const changed = generateDocs(root, { check });
  for (const file of changed)
    console.log(check ? `${file} is stale: run npm run generate` : `${file} written`);
  if (check && changed.length > 0) process.exitCode = 1;
}

if (import.meta.main) main();
