import { lineKey, type Release, type ReleaseLine } from '../../../domain/release.ts';
import { markup, type Html } from '../../html.ts';
import { releaseAddress } from '../addresses.ts';

/** What may be done about a release at this moment. */
export type ReleaseAction = 'retry' | 'hold' | 'resume';

/** The actions that make sense; `resume` is of the release where that is held, else of its line. */
export function releaseActions(
  { outcome, hold }: Release,
  line: Pick<ReleaseLine, 'hold' | 'active' | 'waiting'> | undefined,
): readonly ReleaseAction[] {
  const actions: ReleaseAction[] = [];
  const isOver = outcome !== undefined;
  const newer = line?.active ?? line?.waiting;
  const fell = outcome === 'failed' || outcome === 'rolled-back' || outcome === 'superseded';
  if (fell && newer === undefined) actions.push('retry');
  if ((!isOver && hold !== undefined) || line?.hold !== undefined) actions.push('resume');
  if (line !== undefined && line.hold === undefined) actions.push('hold');
  return actions;
}

/** The buttons; a hold needs a reason, which everybody reads. */
export function renderReleaseActions(release: Release, line: ReleaseLine | undefined): readonly Html[] {
  const at = releaseAddress(release.id);
  const key = lineKey(release.line);
  return releaseActions(release, line).map((action) => {
    switch (action) {
      case 'retry':
        return markup`<form method="post" action="${at}/retry"><button>Retry</button></form>\n`;
      case 'resume':
        return markup`<form method="post" action="${at}/resume"><button>Resume</button></form>\n`;
      case 'hold':
        return markup`<details class="act">
<summary>Hold the line <code>${key}</code></summary>
<form method="post" action="${at}/hold">
<label for="reason">Reason, for everybody to read</label>
<input id="reason" name="reason" required maxlength="300" autocomplete="off">
<button>Hold</button>
</form>
</details>\n`;
      default:
        throw new Error(`unknown action ${String(action satisfies never)}`);
    }
  });
}
