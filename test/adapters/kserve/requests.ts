import type { Fields } from '../../contracts/serving.ts';

/** A kind of object, as the library wants it. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export const services: Kind = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };
export const deployments: Kind = { group: 'apps', version: 'v1', plural: 'deployments' };

/** Plain requests to a cluster, by the official client. */
export interface Requests {
  get(kind: Kind, name: string): Promise<Fields>;
  create(kind: Kind, object: Fields): Promise<void>;
  /** A merge patch. */
  patch(kind: Kind, name: string, patch: Fields, manager?: string): Promise<void>;
  patchStatus(kind: Kind, name: string, status: Fields): Promise<void>;
  remove(kind: Kind, name: string): Promise<void>;
}
