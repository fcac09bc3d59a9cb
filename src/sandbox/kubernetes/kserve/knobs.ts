/** How a service's next roll-outs go. Times are milliseconds. */
export interface ServiceKnobs {
  /** From a change of the specification until its revision or ReplicaSet exists. */
  readonly createMs: number;
  /** From there until the model is loaded, or fails to. */
  readonly loadMs: number;
  /** From a ready revision until traffic reaches it; from a changed Deployment until it is observed. */
  readonly trafficMs: number;
  /** How much longer modelStatus needs to say Loaded. */
  readonly modelStatusMs: number;
  /** When Knative or the Deployment give up; the progress-deadline annotation goes before it. */
  readonly progressDeadlineMs: number;
  /** The pod runs and is never ready. */
  readonly never: boolean;
  /** The model fails to load, with this message. */
  readonly failLoad: string | undefined;
  /** The container ends again and again. */
  readonly crash: { readonly exitCode: number; readonly reason: string } | undefined;
  /** The container ends at first and comes up after all, so much later. */
  readonly hiccup: { readonly message: string; readonly forMs: number } | undefined;
  /** Older Standard releases: Ready and modelStatus stay as they were while nothing has rolled yet. */
  readonly staleReady: boolean;
  /** Whose pod comes first in the list: KServe reads the model's state from that one only. */
  readonly firstPod: 'new' | 'old';
  /** Ready turns Unknown once more after it was True. */
  readonly blip: { readonly afterMs: number; readonly forMs: number } | undefined;
}

/** A roll-out that goes well within seven seconds. */
export const usualKnobs: ServiceKnobs = {
  createMs: 1_000,
  loadMs: 5_000,
  trafficMs: 500,
  modelStatusMs: 0,
  progressDeadlineMs: 600_000,
  never: false,
  failLoad: undefined,
  crash: undefined,
  hiccup: undefined,
  staleReady: false,
  firstPod: 'new',
  blip: undefined,
};
