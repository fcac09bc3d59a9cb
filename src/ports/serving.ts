import type { ServedModel } from '../domain/rollout.ts';

/** An InferenceService as the cluster tells of it: our fields, who else owns it, and everything that proves a rollout. */
export interface InferenceService {
  readonly name: string;
  readonly resourceVersion: string;
  readonly mode: 'knative' | 'standard' | 'modelmesh' | 'unknown';
  readonly model: ServedModel;
  /**
   * What we noted beside our edit: our fields before it, so that they can be put back. It stays, whatever came of the edit;
   * undefined: there is none, or somebody has changed the model since.
   */
  readonly before: ServedModel | 'nothing' | undefined;
  /**
   * A tool that would undo our edit: `the Argo CD application auto-mpg`. undefined: nobody is known to, or people say that
   * it leaves our fields alone.
   */
  readonly gitopsOwner: string | undefined;
  readonly url: string | undefined;
  /** The Ready condition; undefined: Unknown, or not told. */
  readonly ready: boolean | undefined;
  /** Messages of conditions that are False, for people. */
  readonly complaints: readonly string[];
  /** `UpToDate`, `InProgress`, `BlockedByFailedLoad`, `InvalidSpec` (specs kubeflow-kserve 5.3). */
  readonly transition: string | undefined;
  readonly targetModelState: string | undefined;
  readonly activeModelState: string | undefined;
  /** Not cleared on success: compare its revision or time with our edit. */
  readonly lastFailure:
    | {
        readonly reason: string;
        readonly message: string;
        readonly revision: string | undefined;
        readonly at: string | undefined;
      }
    | undefined;
  /** Knative: revisions and where the traffic goes. */
  readonly revisions: {
    readonly created: string | undefined;
    readonly ready: string | undefined;
    readonly rolledOut: string | undefined;
    readonly traffic: readonly {
      readonly revision: string | undefined;
      readonly latest: boolean;
      readonly percent: number;
    }[];
    /** Our stamp on the created revision, and why it is not ready, where it is not. */
    readonly createdStamp: string | undefined;
    readonly createdFailure: string | undefined;
  };
  /** Standard: the predictor's Deployment; undefined: there is none yet, or it is not ours to see. */
  readonly deployment:
    | {
        readonly stamp: string | undefined;
        readonly upToDate: boolean;
        readonly replicas: number;
        readonly updated: number;
        readonly available: number;
        /** ProgressDeadlineExceeded or ReplicaFailure, with its message. */
        readonly failure: string | undefined;
      }
    | undefined;
}

/** What a write came to. `conflict`: somebody wrote meanwhile; read again, and decide anew. */
export type Written = 'written' | 'conflict';

/** A prediction's answer: any status, any JSON. */
export interface Prediction {
  readonly status: number;
  /** undefined: it was no JSON. */
  readonly body: unknown;
  /** The first characters of what was answered, for people. */
  readonly excerpt: string;
}

/**
 * One environment's KServe. Only the fields of `ServedModel` are written. Every method throws RetryableError for what a
 * later try may answer, and UserError for what only people can repair: `cluster-unauthorised`, `cluster-refused`
 * (validation, webhooks), with what the cluster said.
 */
export interface Serving {
  /** undefined: there is no InferenceService of that name. */
  read(service: string, signal: AbortSignal): Promise<InferenceService | undefined>;
  /** Creates the InferenceService, and notes that there was none; `conflict`: there is one by now. */
  create(
    wanted: {
      readonly service: string;
      readonly model: ServedModel;
      readonly protocol: 'v1' | 'v2' | undefined;
    },
    signal: AbortSignal,
  ): Promise<Written>;
  /** One patch of all our fields and of the note, only if nobody wrote since `resourceVersion`. */
  replace(
    wanted: {
      readonly service: string;
      readonly resourceVersion: string;
      readonly model: ServedModel;
      /** undefined: the note is removed. */
      readonly before: ServedModel | 'nothing' | undefined;
    },
    signal: AbortSignal,
  ): Promise<Written>;
  /** Removes an InferenceService that we created; only as it was at `resourceVersion`. One that is gone is no trouble. */
  remove(
    wanted: { readonly service: string; readonly resourceVersion: string },
    signal: AbortSignal,
  ): Promise<Written>;
  /** One request to the served model (specs kubeflow-kserve 5.9). The model's name is the service's. */
  predict(
    asked: {
      readonly service: string;
      readonly url: string;
      readonly protocol: 'v1' | 'v2';
      readonly body: unknown;
    },
    signal: AbortSignal,
  ): Promise<Prediction>;
}
