import { lineKey, type LineId, type Release, type ReleaseLine } from '../../domain/release.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';
import type { RepositoryId, Visitor } from '../access/visitor.ts';
import { askRights, noAnswers, repositoryName } from './ask-rights.ts';

/** Releases that are read at a time and of all together: records of failed ones have logs in them. */
const atOnce = 50;
const mostLooked = 400;
const mostShown = 100;

/** What the list of releases shows, and what it has to admit. */
export interface ListedReleases {
  readonly lines: readonly ReleaseLine[];
  /** Newest first. */
  readonly releases: readonly Release[];
  readonly cut: boolean;
  readonly away: readonly string[];
}

/** Lists what the visitor may read: of one line, or of all. */
export async function listReleases(
  store: Pick<ReleaseStore, 'lines' | 'list'>,
  visitor: Visitor,
  chosen: LineId | undefined,
): Promise<ListedReleases> {
  const answers = noAnswers();
  const isChosen = ({ line }: Pick<ReleaseLine, 'line'>): boolean =>
    chosen === undefined || lineKey(line) === lineKey(chosen);
  const readable = async <Of extends Pick<ReleaseLine, 'line'>>(all: readonly Of[]): Promise<Of[]> => {
    const wanted = all.filter(isChosen);
    await askRights(wanted.map(repositoryOf), visitor, answers);
    return wanted.filter((one) => answers.mayRead.get(repositoryName(repositoryOf(one))) === true);
  };

  const lines = await readable(await store.lines());
  const releases: Release[] = [];
  let cut = true;
  for (let offset = 0; offset < mostLooked && releases.length < mostShown; offset += atOnce) {
    const batch = await store.list({ line: chosen, offset, limit: atOnce });
    releases.push(...(await readable(batch)));
    cut = batch.length === atOnce;
    if (!cut) break;
  }
  return {
    lines,
    releases: releases.slice(0, mostShown),
    cut: cut || releases.length > mostShown,
    away: [...answers.silences.keys()],
  };
}

function repositoryOf({ line }: Pick<ReleaseLine, 'line'>): RepositoryId {
  return { host: line.host, id: line.repositoryId };
}

/** `?line=corp/12/prod` */
export function lineIn(text: unknown): LineId | undefined {
  const form = /^([\w.-]{1,128})\/([\w.-]{1,128})\/([\w.-]{1,128})$/;
  const [, host, repositoryId, environment] = (typeof text === 'string' ? form.exec(text) : null) ?? [];
  if (host === undefined || repositoryId === undefined || environment === undefined) return undefined;
  return { host, repositoryId, environment };
}
