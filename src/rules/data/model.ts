import type { Credential } from '../../formats/dvc/find-credentials.ts';
import type { Setting } from '../../formats/dvc/config.ts';
import type { Output } from '../../formats/dvc/entry.ts';
import type { Problem, Source } from '../../formats/source.ts';
import type { Visit } from '../rule.ts';

/** What the rules of the group `data` look at. */
export interface DataModel {
  readonly metafiles: readonly Metafile[];
  readonly outputs: readonly CheckedOutput[];
  readonly remotes: readonly UnboundRemote[];
  readonly remoteChanges: readonly RemoteChange[];
  readonly secrets: readonly CommittedSecret[];
}

/** The kinds of nodes, as rules name them. */
export interface DataNodes {
  readonly metafile: Metafile;
  readonly output: CheckedOutput;
  readonly remote: UnboundRemote;
  readonly remoteChange: RemoteChange;
  readonly secret: CommittedSecret;
}

/** A `.dvc` file, `dvc.yaml`, `dvc.lock` or `.dvc/config`, and what reading it found wrong. */
export interface Metafile {
  /** Secrets masked. Only the path where there is no text: not UTF-8, a symbolic link. */
  readonly source: Source | { readonly path: string };
  readonly problems: readonly Problem[];
  /** The first of the repository's metafiles that belong to no DVC project, and how many do (specs dvc 3.4). */
  readonly outsideProject: number | undefined;
}

/** An output that must be on its remote, with what is known of its objects. */
export interface CheckedOutput {
  readonly source: Source;
  readonly output: Output;
  /** The DVC root it belongs to; `''`: the top of the repository. */
  readonly root: string;
  readonly remote: RemoteOfOutput;
  /** undefined: nothing was asked, be it because the facts in the repository decide already. */
  readonly objects: ObjectsEvidence | undefined;
}

/** The effective remote of an output (specs dvc 4.3). Urls without credentials. */
export type RemoteOfOutput =
  | {
      readonly kind: 'remote';
      readonly name: string;
      /** The url that is asked. */
      readonly url: string;
      /** The file that the url stands in, where it is not the committed one. */
      readonly from?: string | undefined;
      readonly isDefault: boolean;
      readonly versionAware: boolean;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'cycle'; readonly names: readonly string[] }
  /** The configuration is broken, which is a finding of its own. */
  | { readonly kind: 'unreadable' };

/** What the remote says of an output's objects. What could not be known is in no number here. */
export interface ObjectsEvidence {
  /** Of a directory kept by content: its listing. undefined: a file, or listed in the metafile. */
  readonly listing: ListingEvidence | undefined;
  /** Files that must be there, the listing not counted. */
  readonly files: number;
  readonly missing: number;
  /** The first three that are missing: their path below the directory, and their key. */
  readonly firstMissing: readonly { readonly path: string; readonly key: string }[];
  /** Sum of the sizes of all files; undefined unless every one is there. */
  readonly bytes: number | undefined;
  /** Where a missing object was found instead. */
  readonly elsewhere: Elsewhere;
}

/** The `.dir` object of a directory: its key below the url, and what was found there (specs dvc 4.1). */
export interface ListingEvidence {
  readonly key: string;
  readonly state: 'present' | 'missing' | 'broken' | 'unknown';
  /** Why it is broken. */
  readonly reason: string | undefined;
}

/** Where a missing object is instead, as far as it was looked for; hints for messages. */
export interface Elsewhere {
  /** The object is in the same remote's other layout, under this key. */
  readonly otherLayout: string | undefined;
  /** Other remotes of the project that have it. */
  readonly remotes: readonly string[];
}

/** A remote that outputs need and the server may not reach. */
export interface UnboundRemote {
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  readonly at: Setting;
  readonly message: string;
  readonly remedy: string;
  /** Outputs that need it. */
  readonly outputs: number;
}

/** An edit of `.dvc/config` that moves data elsewhere. Values without credentials; undefined: not set. */
export interface RemoteChange {
  readonly source: Source;
  readonly at: Setting | undefined;
  /** `core.remote`, `remote "prod" url`. */
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A credential in a tracked file; `credential` is undefined for a `.dvc/config.local`, which is not read. */
export interface CommittedSecret {
  readonly source: Metafile['source'];
  readonly credential: Credential | undefined;
}

/** Offers every node of the model once. */
export function* visitData(model: DataModel): Iterable<Visit<DataNodes>> {
  for (const node of model.metafiles) yield { kind: 'metafile', node };
  for (const node of model.outputs) yield { kind: 'output', node };
  for (const node of model.remotes) yield { kind: 'remote', node };
  for (const node of model.remoteChanges) yield { kind: 'remoteChange', node };
  for (const node of model.secrets) yield { kind: 'secret', node };
}
