import { durationText } from '../../domain/duration.ts';
import { lineKey, type Candidate, type Release, type ReleaseLine } from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import { ageOf } from '../../domain/symptoms.ts';
import { releaseLine, waitingLine } from '../../report/release/line.ts';
import { oneLine, shorten, timeText } from '../../report/text.ts';
import { table } from '../table.ts';

/** Lines with what goes on in them, then releases, newest first. */
export function listText(lines: readonly ReleaseLine[], releases: readonly Release[], now: Date): string {
  if (lines.length === 0 && releases.length === 0)
    return 'Nothing was released yet: a release begins when a commit is merged into the branch that production of .modelgate.yaml names.\n';
  const rows = releases.map((release) => [
    release.id,
    shortSha(release.commit),
    lineKey(release.line),
    `${durationText(ageOf(release.began, now))} ago`,
    stateOf(release, lines),
  ]);
  const list = rows.length === 0 ? [] : ['', ...table(['RELEASE', 'COMMIT', 'LINE', 'BEGAN', 'STATE'], rows)];
  return `${[...lines.flatMap((line) => lineText(line, releases)), ...list].join('\n')}\n`;
}

function stateOf(release: Release, lines: readonly ReleaseLine[]): string {
  const line = lines.find((other) => lineKey(other.line) === lineKey(release.line));
  return shorten(releaseLine(release, 'names', line), 120);
}

function lineText(line: ReleaseLine, releases: readonly Release[]): readonly string[] {
  const { repository, branch, released, active, waiting, hold } = line;
  const commit = (candidate: Candidate): string =>
    `${shortSha(candidate.commit)}${candidate.attempt === 1 ? '' : `, attempt ${candidate.attempt}`}`;
  return [
    `${lineKey(line.line)}  ${oneLine(repository.path)}, branch ${oneLine(branch)}`,
    ...(hold === undefined
      ? []
      : [
          `  HELD since ${timeText(hold.at)} by ${oneLine(hold.actor)}: ${oneLine(hold.reason)}`,
          `    ${oneLine(hold.remedy)}`,
        ]),
    ...(active === undefined ? [] : [`  under way: ${commit(active)}${underWay(active, line, releases)}`]),
    ...(waiting === undefined ? [] : [`  waiting: ${commit(waiting)}, ${waitingLine(line) ?? ''}`]),
    released === undefined
      ? '  nothing in production yet'
      : `  in production: ${shortSha(released.commit)} since ${timeText(released.at)}`,
  ];
}

function underWay(active: Candidate, line: ReleaseLine, releases: readonly Release[]): string {
  const found = releases.find(
    (release) =>
      release.commit === active.commit &&
      release.attempt === active.attempt &&
      lineKey(release.line) === lineKey(line.line),
  );
  return found === undefined ? '' : `, ${releaseLine(found)}`;
}
