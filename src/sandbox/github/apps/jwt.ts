import { verify } from 'node:crypto';
import { badCredentials } from '../refusal.ts';
import type { App } from '../state.ts';
import type { World } from '../world.ts';

const maxLifeSeconds = 600;
const undecodable = 'A JSON web token could not be decoded';
const badExpiry =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
const farExpiry = "'Expiration time' claim ('exp') is too far in the future";
const badIssuedAt =
  "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";

/** The App that a JSON web token speaks for. @throws Refusal 401 for a wrong signature or wrong times. */
export function verifyJwt(world: World, jwt: string): App {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const header = readPart(head);
  const claims = readPart(body);
  if (header['alg'] !== 'RS256') throw badCredentials(undecodable);
  const issuer = String(claims['iss']);
  const app = world.apps.find((entry) => String(entry.id) === issuer || entry.clientId === issuer);
  if (app === undefined) throw badCredentials('Integration not found');
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    app.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) throw badCredentials(undecodable);
  requireTimes(claims, world.now().getTime() / 1000);
  return app;
}

function requireTimes(claims: Readonly<Record<string, unknown>>, now: number): void {
  const { iat, exp } = claims;
  if (typeof exp !== 'number' || exp <= now) throw badCredentials(badExpiry);
  if (exp > now + maxLifeSeconds) throw badCredentials(farExpiry);
  if (typeof iat !== 'number' || !Number.isInteger(iat) || iat > now) throw badCredentials(badIssuedAt);
}

function readPart(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Falls through: what is no JSON is no token.
  }
  throw badCredentials(undecodable);
}
