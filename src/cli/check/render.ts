import type { CheckReport } from '../../report/check-report.ts';
import { renderComment } from '../../report/comment.ts';
import { renderJson } from '../../report/json.ts';
import { renderSarif } from '../../report/sarif.ts';
import { renderTerminal } from '../../report/terminal.ts';
import type { TerminalOptions } from '../../report/terminal.ts';
import type { Format } from './arguments.ts';

/** The report in the format asked for. */
export function renderReport(report: CheckReport, format: Format, terminal: TerminalOptions): string {
  if (format === 'json') return renderJson(report);
  if (format === 'sarif') return renderSarif(report);
  if (format === 'pretty') return renderTerminal(report, terminal);
  const { judgement, decision, reading } = report;
  const targetBranch = reading.target.name ?? reading.target.sha;
  return renderComment({ judgement, decision, targetBranch, url: undefined, disclose: 'names' });
}
