import type { StatusDetails } from '../domain/annotation.ts';
import type { Run } from '../domain/run.ts';
import { annotationsOf } from './annotations.ts';
import { commentOf } from './comment.ts';
import { cutBody } from './cut-body.ts';
import { statusLine } from './status-line.ts';
import { plural } from './text.ts';

/** What the host shows beside the head; never neutral or skipped, both would satisfy a required check. */
export interface RunStatus {
  readonly state: 'running' | 'success' | 'failure' | 'action-required' | 'cancelled';
  readonly description: string;
  readonly url: string;
  /** The run. */
  readonly evaluation: string;
  /** undefined while there is nothing to tell but the line. */
  readonly details: StatusDetails | undefined;
}

/** How a run is shown: `url` is its details page. `counts`: no names of files, for public repositories. */
interface Shown {
  readonly url: string;
  readonly disclose: 'names' | 'counts';
}

/** The status of a run. */
export function statusOf(run: Run, shown: Shown): RunStatus {
  return {
    state: stateOf(run),
    description: statusLine(run, shown.disclose),
    url: shown.url,
    evaluation: run.id,
    details: detailsOf(run, shown),
  };
}

function stateOf(run: Run): RunStatus['state'] {
  if (run.state === 'running') return 'running';
  if (run.state !== 'judged') return 'cancelled';
  if (run.decision === undefined) return 'failure';
  if (!run.decision.blocking) return 'success';
  return run.decision.verdict === 'waiting' ? 'action-required' : 'failure';
}

/** The comment's words, and the findings beside their lines, where names of files may be told at all. */
function detailsOf(run: Run, shown: Shown): StatusDetails | undefined {
  const { judgement } = run;
  if (run.state !== 'judged' || judgement === undefined || run.decision === undefined) return undefined;
  const summary = commentOf(run, shown).body;
  if (shown.disclose === 'counts') return { summary, annotations: [] };
  const { annotations, omitted } = annotationsOf(judgement);
  if (omitted === 0) return { summary: cutBody(summary), annotations };
  const note = `**${plural(omitted, 'more finding')}** could not be shown beside the lines: the details page has all.\n\n`;
  return { summary: cutBody(note + summary), annotations };
}
