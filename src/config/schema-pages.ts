import { z } from 'zod';
import type { Fields } from './fields.ts';
import { headerName, identifier, operatorName, text } from './kinds.ts';
import { network } from './network.ts';

/** Who may read the pages, and act on them. */
export function pages(f: Fields) {
  return z.strictObject({
    token: f.secret({ about: 'Lets scripts read the pages as `Authorization: Bearer …`.' }).optional(),
    basic: z
      .strictObject({
        user: f.required(text, { about: 'User name.', example: 'ops' }),
        password: f.secret({ about: 'Password.' }),
      })
      .optional()
      .describe('Lets people log in with user name and password.'),
    signIn: z
      .array(signIn(f))
      .default([])
      .describe(
        'Lets people sign in with a Git host: each sees the repositories that the host lets them read.',
      ),
    proxy: proxy(f).optional().describe('Lets a proxy in front say who asks.'),
    operators: z
      .array(
        f.required(operatorName, {
          about: 'A person who runs this installation: sees everything, and may do everything.',
          example: 'alice@corp',
        }),
        { error: 'expected a list of names, for example ["alice@corp"]' },
      )
      .default([])
      .describe(
        'People who run this installation, as user name and `id` of the host: they see everything, and may do everything. Whoever comes with the token or the password does, too.',
      ),
  });
}

function signIn(f: Fields) {
  return z.strictObject({
    host: f.required(identifier(40), { about: 'The `id` of one of the `hosts`.', example: 'corp' }),
    clientId: f.required(text, {
      about:
        'Id of the application that is registered there; its redirect address is `<listen.publicUrl>/sign-in/<host>/callback`.',
      example: 'a1b2c3d4e5f6',
    }),
    clientSecret: f.secret({ about: 'Secret of that application.' }),
  });
}

function proxy(f: Fields) {
  return z.strictObject({
    header: f.required(headerName, {
      about:
        'Header in which the proxy names the person. It has to remove what clients send under this name.',
      example: 'x-forwarded-user',
    }),
    host: f.required(identifier(40), {
      about: 'The `id` of the host whose user names these are.',
      example: 'corp',
    }),
    trusted: z
      .array(f.required(network, { about: 'An address or a network.', example: '10.0.0.5' }), {
        error: 'expected a list of addresses, for example ["10.0.0.5"]',
      })
      .min(1, 'is empty; expected at least one address, for example ["10.0.0.5"]')
      .describe('Addresses of the proxy. The header is believed from these alone.')
      .meta({ examples: [['10.0.0.5', '10.1.0.0/28']] }),
  });
}
