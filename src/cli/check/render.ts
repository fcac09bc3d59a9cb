import type { CheckReport } from '../../report/check-report.ts';
import { renderComment } from '../../report/comment.ts';
import { renderJson } from '../../report/json.ts';
import { renderSarif } from '../../report/sarif.ts';
import { renderTerminal } from '../../report/terminal.ts';
import type { TerminalOptions } from '../../report/terminal.ts';
import type { Format } from './arguments.ts';

/** The report in the format asked for. */
export function renderReport(report: CheckReport, format: Format, terminal: TerminalOptions): string {
  switch (format) {
    case 'pretty':
      return renderTerminal(report, terminal);
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderSarif(report);
    case 'markdown': {
      const targetBranch = report.reading.target.name ?? report.reading.target.sha;
      const { judgement, decision } = report;
      return renderComment({ judgement, decision, targetBranch, url: undefined, disclose: 'names' });
    }
  }
}
