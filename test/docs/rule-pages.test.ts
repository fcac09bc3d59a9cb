import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ruleDescriptions } from '../../src/rules/index.ts';
import { judgeExample } from '../support/judge-example.ts';
import { readRulePage } from '../support/rule-page.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'rules');
const pageOf = (id: string): string => join(folder, `${id}.md`);

describe('rule pages', () => {
  test('every rule has a page and every page has a rule', () => {
    const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.includes('/') && file.endsWith('.md'))
      .map((file) => file.replace(/\.md$/, ''));

    expect(pages.toSorted()).toEqual(ruleDescriptions.map((rule) => rule.id).toSorted());
  });

  test('rule ids are unique', () => {
    const ids = ruleDescriptions.map((rule) => rule.id);

    expect(ids).toHaveLength(new Set(ids).size);
  });
});

for (const rule of ruleDescriptions.filter(({ id }) => existsSync(pageOf(id)))) {
  const page = readRulePage(readFileSync(pageOf(rule.id), 'utf8'));

  describe(`rule ${rule.id}`, () => {
    test('the page has its name, wrong and right examples', () => {
      expect(page.id).toBe(rule.id);
      expect(page.examples.filter((example) => example.kind === 'wrong').length).toBeGreaterThanOrEqual(1);
      expect(page.examples.filter((example) => example.kind === 'right').length).toBeGreaterThanOrEqual(1);
    });

    test.each(page.examples.map((example) => [example.kind, example.title, example] as const))(
      '%s: %s',
      async (kind, _title, example) => {
        const judgement = await judgeExample(example);

        const all = judgement.checks.flatMap((check) => check.findings);
        const found = all.filter((finding) => finding.rule === rule.id);
        const places = found.map((finding) => {
          const line = `${finding.file}:${finding.place?.line ?? 0}`;
          return example.expected.includes(line)
            ? line
            : example.expected.includes(finding.file ?? '')
              ? finding.file
              : line;
        });
        expect(judgement.checks.flatMap((check) => check.unknowns)).toEqual([]);
        expect(new Set(places)).toEqual(new Set(example.expected));
        expect(places).toHaveLength(example.expected.length);
        expect(example.expected.length > 0).toBe(kind === 'wrong');
        expect(kind === 'right' ? all.filter((finding) => finding.severity === 'error') : []).toEqual([]);
      },
    );
  });
}
