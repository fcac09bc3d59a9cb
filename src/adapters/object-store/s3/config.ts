import type { S3Location } from '../../../domain/s3-location.ts';
import type { Dispatchers, TlsSettings } from '../../../net/dispatchers.ts';
import type { Timeouts } from '../../../net/request.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import type { S3Server } from './address.ts';

/** How the server proves itself, read when it is needed: the certificates may be in a file. */
export type TlsSource = () => Promise<
  TlsSettings | { readonly kind: 'unsupported'; readonly message: string }
>;

/** One S3 remote, resolved. */
export interface S3StoreConfig {
  readonly location: S3Location;
  readonly server: S3Server;
  /** undefined: the credentials' profile, then the endpoint's name, then us-east-1; S3 itself corrects it. */
  readonly region: string | undefined;
  readonly credentials: CredentialSource;
  readonly tls: TlsSource;
  readonly timeouts?: Timeouts | undefined;
}

/** What an S3 store needs of the world. */
export interface S3Deps {
  readonly dispatchers: Dispatchers;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** In [0, 1): the jitter of repeated attempts. */
  readonly random: () => number;
}

/** What a store learns of its bucket while it is used. */
export interface S3Learned {
  /** The region S3 sent us to. */
  region: string | undefined;
}
