import { emptyBodyHash, signV4 } from '../../../../src/adapters/object-store/s3/sign.ts';

/** A real S3 server, as the environment names it. */
export interface RealS3 {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | 'anonymous';
}

/** The server of TEST_S3_ENDPOINT; undefined: none is named. Everything else has a default. */
export function realS3(env: Readonly<Record<string, string | undefined>>): RealS3 | undefined {
  const { TEST_S3_ENDPOINT: endpoint, TEST_S3_BUCKET: bucket = 'modelgate-test' } = env;
  if (endpoint === undefined || endpoint === '') return undefined;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { AWS_REGION: region = 'us-east-1' } = env;
  const credentials =
    accessKeyId === undefined || secretAccessKey === undefined
      ? 'anonymous'
      : { accessKeyId, secretAccessKey };
  return { endpoint, bucket, region, credentials };
}

/** Makes the bucket where there is none. @throws where the server does not let us. */
export async function ensureBucket({ endpoint, bucket, region, credentials }: RealS3): Promise<void> {
  const url = new URL(`${endpoint.replace(/\/$/, '')}/${bucket}`);
  const send = (method: string): Promise<Response> => {
    const wanted = { method, url, headers: {}, bodyHash: emptyBodyHash };
    const headers =
      credentials === 'anonymous'
        ? {}
        : signV4(wanted, { kind: 'keys', sessionToken: undefined, ...credentials }, region, new Date());
    return fetch(url, { method, headers });
  };
  if ((await send('HEAD')).ok) return;
  const made = await send('PUT');
  // 409: somebody else has made it a moment ago.
  if (!made.ok && made.status !== 409)
    throw new Error(
      `the bucket ${bucket} at ${endpoint} cannot be made: ${made.status} ${await made.text()}`,
    );
}
