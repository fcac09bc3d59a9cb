/** A digest in lower-case hex. */
export interface Digest {
  readonly algorithm: 'md5' | 'sha256';
  readonly value: string;
}

/** One file of a trained model. */
export interface ModelFile {
  /** Its name below the model's directory, with `/`. */
  readonly path: string;
  /** Where it is now, with its scheme. */
  readonly from: string;
  /** Bytes; undefined where nobody said so. */
  readonly size: number | undefined;
  readonly digest: Digest;
}

/** The model that a run handed over, before it is published. */
export interface TrainedModel {
  /** As KServe names it: `sklearn`. */
  readonly format: string;
  readonly files: readonly ModelFile[];
  /** Metric → value. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where it was told of: the manifest's address, or the pointer's file and commit. */
  readonly told: string;
}

/** The model at its immutable address. */
export interface PublishedModel {
  /** A prefix that ends in `/`: the `storageUri` of an InferenceService. */
  readonly uri: string;
  /** Hex digest of the names and digests of all files: part of the address. */
  readonly identity: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}
