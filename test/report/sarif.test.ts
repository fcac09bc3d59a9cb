import { describe, expect, test } from 'vitest';
import { renderSarif } from '../../src/report/sarif.ts';
import { sampleFinding } from '../support/sample-run.ts';
import { judgement, reportOf } from './judgements.ts';

function runOf(file: string) {
  const checks = [{ check: 'data', findings: [sampleFinding({ file })] }] as const;
  return JSON.parse(renderSarif(reportOf(judgement({ checks })))).runs[0];
}

describe('SARIF', () => {
  test.each([
    ['a b/c:d.dvc', 'a%20b/c%3Ad.dvc'],
    ['ü/漢😀.dvc', '%C3%BC/%E6%BC%A2%F0%9F%98%80.dvc'],
    ['caf\udce9/x\udcff.dvc', 'caf%E9/x%FF.dvc'],
    ['lone\ud800.dvc', 'lone%EF%BF%BD.dvc'],
  ])('the name %j — as a uri — is %s', (file, uri) => {
    expect(runOf(file).results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  });

  test('a rule — in the tool’s list — has help that names its page', () => {
    for (const { id, help } of runOf('a.dvc').tool.driver.rules) {
      expect(help.text).toContain(`docs/rules/${id}.md`);
      expect(help.markdown).toContain(`docs/rules/${id}.md`);
    }
  });
});
