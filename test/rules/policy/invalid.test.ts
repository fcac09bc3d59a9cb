import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import { readPolicy } from '../../../src/formats/policy/read-policy.ts';
import { createSource } from '../../../src/formats/source.ts';
import { applyRules } from '../../../src/rules/engine.ts';
import { policyRules, visitPolicy, type PolicyFile } from '../../../src/rules/policy/index.ts';

function file(side: PolicyFile['side'], text: string): PolicyFile {
  const source = createSource('.modelgate.yaml', text);
  return { source, side, problems: readPolicy(source, ['policy/invalid']).problems };
}

function findings(...files: readonly PolicyFile[]): readonly (readonly unknown[])[] {
  const applied = applyRules(policyRules, visitPolicy(files), { policy: defaultPolicy, maxFindings: 100 });
  return applied.findings.map(({ severity, place, message, repair }) => [
    severity,
    place?.line,
    message,
    repair,
  ]);
}

const broken = 'version: 1\nmdoe: advisory\n';

describe('policy/invalid', () => {
  test('policies without problems, or none at all — no finding', () => {
    expect(findings(file('target', 'version: 1'), file('change', 'version: 1\nmode: advisory'))).toEqual([]);
    expect(findings()).toEqual([]);
  });

  test("the change's edit is broken — an error at the place of each problem", () => {
    expect(findings(file('target', 'version: 1'), file('change', `${broken}profile: lax\n`))).toEqual([
      [
        'error',
        2,
        'This change breaks the policy: the file has no field "mdoe"; did you mean "mode"?',
        'write mode: instead of mdoe:',
      ],
      [
        'error',
        3,
        'This change breaks the policy: "profile" must be one of recommended, strict; found the text "lax".',
        undefined,
      ],
    ]);
  });

  test('the target is broken — an error: the defaults apply', () => {
    expect(findings(file('target', broken))).toEqual([
      [
        'error',
        2,
        'The policy on the target branch is broken, and the defaults apply until it is repaired there: the file has no field "mdoe"; did you mean "mode"?',
        'write mode: instead of mdoe:',
      ],
    ]);
  });

  test('the place is one of the side that it is found on', () => {
    const both = [file('target', broken), file('change', 'version: 3')];
    const applied = applyRules(policyRules, visitPolicy(both), { policy: defaultPolicy, maxFindings: 100 });
    expect(applied.findings.map(({ tree, place }) => [tree, place?.line])).toEqual([
      [undefined, 1],
      ['target', 2],
    ]);
  });

  test('the target is broken and the change repairs it — a warning, so that the repair can be merged', () => {
    expect(
      findings(file('target', broken), file('change', 'version: 1')).map(([severity]) => severity),
    ).toEqual(['warning']);
    expect(findings({ ...file('target', broken), repaired: true }).map(([severity]) => severity)).toEqual([
      'warning',
    ]);
  });

  test('both are broken — an error for each side', () => {
    expect(
      findings(file('target', broken), file('change', 'version: 3')).map(([severity]) => severity),
    ).toEqual(['error', 'error']);
  });
});
