import type { Release } from '../../../domain/release.ts';
import { markup, type Html } from '../../html.ts';
import { releaseLine } from '../../release/line.ts';
import { releaseAddress } from '../addresses.ts';

/** Where the judged tip of a branch went from here. */
export function renderReleaseLink(release: Release | undefined): Html | undefined {
  if (release === undefined) return undefined;
  const { id, line } = release;
  return markup`<p class="notice"><a href="${releaseAddress(id)}">Its release to ${line.environment}</a>: ${releaseLine(release)}</p>\n`;
}
