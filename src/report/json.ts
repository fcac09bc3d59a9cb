import type { NamedCommit } from '../domain/reading.ts';
import type { CheckReport } from './check-report.ts';
import { judgementLine } from './status-line.ts';
import { harmlessJson } from './text.ts';

/** Version of the JSON: it rises when a field goes or changes its meaning, not when one is added. */
export const jsonVersion = 1;

/**
 * The report for other programs. Texts are as they are in the repository: whoever shows them escapes them. Absent
 * values are left out; times are ISO 8601.
 */
export function renderJson(report: CheckReport): string {
  const { judgement, decision, reading } = report;
  const document = {
    version: jsonVersion,
    modelgate: report.version,
    verdict: decision.verdict,
    blocking: decision.blocking,
    mode: judgement.mode,
    policySource: judgement.policySource,
    summary: judgementLine(judgement, decision),
    judged: {
      what: judgement.judged,
      tree: judgement.tree,
      target: commitOf(reading.target),
      head: reading.head.commit && commitOf(reading.head.commit),
      changedFiles: reading.head.changedFiles,
      fetchedAt: reading.fetchedAt?.toISOString(),
      notMerged: reading.notMerged,
    },
    rulesVersion: judgement.rulesVersion,
    checks: judgement.checks,
    differences: judgement.differences,
    omittedDifferences: judgement.omittedDifferences,
  };
  return `${harmlessJson(JSON.stringify(document, undefined, 2))}\n`;
}

function commitOf(commit: NamedCommit): object {
  const { sha, name, subject, committedAt } = commit;
  return { sha, name, subject, committedAt: committedAt.toISOString() };
}
