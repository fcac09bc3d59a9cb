import type { PublishedModel } from '../../../domain/model.ts';
import type { Asked, Next } from '../../phase.ts';

/** What is at the model's place. */
export interface PublishSeen {
  /** The publication's manifest, which is written last; undefined: the model is not published yet. */
  readonly published: PublishedModel | undefined;
  /** Names below the prefix that the model does not have: a runtime would load them, or stumble over them. */
  readonly strangers: readonly string[];
  /** Names of the model that are not below the prefix. */
  readonly missing: readonly string[];
}

/** The files are copied and proven, and then the manifest is written. */
export interface CopyModel {
  readonly name: 'publish';
}

/** A model is published when its manifest is there, and every file of it. */
export function nextOfPublish({ release, seen }: Asked<PublishSeen>): Next<CopyModel> {
  const { published, strangers, missing } = seen;
  const [stranger] = strangers;
  if (stranger !== undefined)
    return failed(
      `the place where the model belongs holds another file, ${stranger}. Remove it and retry the release.`,
    );
  if (published === undefined) {
    const count = release.model?.files.length ?? 0;
    return {
      kind: 'act',
      effect: { name: 'publish' },
      note: `publishing ${count === 1 ? 'the model' : `the ${count} files of the model`}`,
    };
  }
  const [gone] = missing;
  if (gone !== undefined)
    return failed(
      `the published model at ${published.uri} lacks ${gone}, which its manifest names: somebody removed it. Restore it and retry the release.`,
    );
  const facts = { published };
  const note = `published at ${published.uri}`;
  if (release.plan?.production.serving === undefined)
    return { kind: 'end', outcome: 'released', reason: note, facts };
  return { kind: 'go', to: 'roll-out', facts, note };
}

function failed(reason: string): Next<CopyModel> {
  return { kind: 'end', outcome: 'failed', reason };
}
