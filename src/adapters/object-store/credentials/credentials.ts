/** What an S3 request is signed with. */
export interface S3Keys {
  readonly kind: 'keys';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** `anonymous` sends requests unsigned. */
export type S3Credentials = S3Keys | { readonly kind: 'anonymous' };

/** Credentials as found; `region` where the profile names one. Messages never contain a value that was read. */
export type FoundCredentials =
  | { readonly kind: 'found'; readonly credentials: S3Credentials; readonly region: string | undefined }
  | { readonly kind: 'unsupported'; readonly message: string };

/** Where a store gets its credentials; asked at each operation, so that rotated files are seen. */
export type CredentialSource = () => Promise<FoundCredentials>;

/** Keys as given, or why they cannot be keys: a line break in one would end up in a header. */
export function keysFrom(given: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}): FoundCredentials {
  const { accessKeyId, secretAccessKey, sessionToken } = given;
  const texts = {
    'access key id': accessKeyId,
    'secret access key': secretAccessKey,
    'session token': sessionToken,
  };
  for (const [name, text] of Object.entries(texts)) {
    if (text !== undefined && !/^[\u0021-\u007e]+$/.test(text)) {
      return {
        kind: 'unsupported',
        message: `the ${name} is empty, or has spaces or unprintable characters in it`,
      };
    }
  }
  return {
    kind: 'found',
    credentials: { kind: 'keys', accessKeyId, secretAccessKey, sessionToken },
    region: undefined,
  };
}
