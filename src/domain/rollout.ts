/** What is kept of a rollout: enough to tell our revision from others, and to put back what was there. */
export interface RolloutFacts {
  /** Stamped on the predictor; changes with each release, so that the revision of our edit is found. */
  readonly rolloutId: string;
  readonly service: string;
  /** Our fields as they were before; `nothing`: there was no InferenceService, and ours is removed. */
  readonly before: ServedModel | 'nothing' | undefined;
  /** The newest revision before our edit (Knative). */
  readonly revisionBefore: string | undefined;
  /** When the edit was first seen in the specification, ISO. */
  readonly applied: string | undefined;
  /** Since when everything agrees, ISO: it has to stay so for a moment. */
  readonly readySince: string | undefined;
  /** Since when the new model fails to come up, ISO: it may still do so at a restart. */
  readonly failingSince: string | undefined;
  /** The revision that serves the new model (Knative); undefined in Standard mode. */
  readonly revision: string | undefined;
  /** Where the service answers, for people. */
  readonly url: string | undefined;
}

/** The fields of an InferenceService that are ours to write. */
export interface ServedModel {
  readonly storageUri: string | undefined;
  readonly format: string | undefined;
  readonly canaryTrafficPercent: number | undefined;
  /** The stamp of the release that wrote the others. */
  readonly rolloutId: string | undefined;
}
