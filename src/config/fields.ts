import { z } from 'zod';
import type { Secret } from '../domain/secret.ts';
import type { Kind } from './kinds.ts';
import { readCertificates, readSecret, secretForm } from './read-secret.ts';
import { readValue } from './read-value.ts';
import type { Readers } from './readers.ts';

/** What people read of a setting. */
export interface Words {
  readonly about: string;
  readonly example: string | number;
}

/** The building blocks of the schema: every value is a text (or a number) in which variables are filled in first. */
export type Fields = ReturnType<typeof createFields>;

/** The building blocks over an environment and a file system. A wrong value is an issue of zod, never a throw. */
export function createFields(readers: Readers) {
  /** A value that has to be there. */
  function required<Value>(kind: Kind<Value>, words: Words) {
    return z
      .unknown()
      .transform((written, context): Value => {
        const read = readValue(written, kind, readers.env);
        if (read.kind === 'value') return read.value;
        const example = kind.words === undefined ? `, for example ${words.example}` : '';
        context.addIssue({ code: 'custom', message: `${read.message}${example}` });
        return z.NEVER;
      })
      .meta({
        description: words.about,
        examples: [words.example],
        expected: kind.expected,
        json: kind.json,
      });
  }

  /** A value that may be left out. */
  function optional<Value>(kind: Kind<Value>, words: Words) {
    return required(kind, words).optional();
  }

  /** A value with a default; the example is the default where none is given. */
  function withDefault<Value>(
    kind: Kind<Value>,
    preset: string | number,
    words: Omit<Words, 'example'> & Partial<Words>,
  ) {
    return required(kind, { example: preset, ...words }).prefault(preset);
  }

  /** A secret: `${VAR}`, or `file:/path`, never the secret itself. */
  function secret(words: { readonly about: string }) {
    return z
      .unknown()
      .transform((written, context): Secret => {
        const read = readSecret(written, readers);
        if (typeof read === 'function') return read;
        context.addIssue({ code: 'custom', message: read });
        return z.NEVER;
      })
      .meta({
        description: words.about,
        examples: ['file:/run/secrets/name', '${NAME}'],
        expected: 'a secret: ${NAME} or file:/path',
        json: { type: 'string', pattern: secretForm.source },
      });
  }

  /** The text of a file of certificates. */
  function certificates(about: string) {
    return z
      .unknown()
      .transform((written, context): string => {
        const read = readCertificates(written, readers);
        if (read.kind === 'value') return read.value;
        context.addIssue({ code: 'custom', message: read.message });
        return z.NEVER;
      })
      .meta({
        description: about,
        examples: ['/etc/ssl/corp-ca.pem'],
        expected: 'the path of a PEM file',
        json: { type: 'string' },
      })
      .optional();
  }

  return { required, optional, withDefault, secret, certificates };
}
