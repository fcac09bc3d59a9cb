import { durationText } from '../../../domain/duration.ts';
import type { HeldLine } from '../../../domain/release-figures.ts';
import { shortSha } from '../../../domain/repository.ts';
import { ageOf } from '../../../domain/symptoms.ts';
import { markup, type HtmlPart } from '../../html.ts';
import { lineAddress, releaseAddress } from '../addresses.ts';
import { table } from '../layout.ts';

/** What is held, why and since when, with the way to where it is resumed. */
export function heldReleases(held: readonly HeldLine[], now: Date): HtmlPart {
  const rows = held.map(({ line, release, hold }) => [
    release === undefined
      ? markup`<a href="${lineAddress(line.line)}">${line.repository.path} to ${line.line.environment}</a>`
      : markup`<a href="${releaseAddress(release.id)}">${line.repository.path} to ${line.line.environment}, <code>${shortSha(release.commit)}</code></a>`,
    `${durationText(ageOf(hold.at, now))} ago`,
    hold.actor,
    hold.reason,
    hold.remedy,
  ]);
  const list = table('Releases that wait for people', ['what', 'since', 'who', 'why', 'what to do'], rows);
  return list ?? markup`<p>None.</p>\n`;
}
