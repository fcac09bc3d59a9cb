import type { CheckReport } from '../../report/check-report.ts';
import { renderComment } from '../../report/comment.ts';
import { renderGithub } from '../../report/github.ts';
import { renderGitlabCodequality } from '../../report/gitlab-codequality.ts';
import { renderJson } from '../../report/json.ts';
import { renderJunit } from '../../report/junit.ts';
import { renderSarif } from '../../report/sarif.ts';
import { renderTerminal } from '../../report/terminal.ts';
import type { TerminalOptions } from '../../report/terminal.ts';
import type { Format } from './arguments.ts';

/** What writes each format. */
const renderers: Readonly<Record<Format, (report: CheckReport, terminal: TerminalOptions) => string>> = {
  pretty: renderTerminal,
  json: renderJson,
  sarif: renderSarif,
  markdown: renderMarkdown,
  'gitlab-codequality': renderGitlabCodequality,
  junit: (report, { now }) => renderJunit(report, now),
  github: renderGithub,
};

/** The report in the format asked for. */
export function renderReport(report: CheckReport, format: Format, terminal: TerminalOptions): string {
  return renderers[format](report, terminal);
}

function renderMarkdown({ judgement, decision, reading }: CheckReport): string {
  const targetBranch = reading.target.name ?? reading.target.sha;
  return renderComment({ judgement, decision, targetBranch, url: undefined, disclose: 'names' });
}
