import { isIP } from 'node:net';
import { placeOf } from '../domain/remote-place.ts';
import { isRegion, parseS3Url } from '../domain/s3-location.ts';
import { parseDuration } from '../domain/duration.ts';
import { repositoryPatternForm } from '../domain/repository-pattern.ts';
import { parseSize } from './size.ts';

/** One kind of value: how it is written, and what the text means. */
export interface Kind<Value> {
  /** Completes "expected …": `a whole number from 1 to 65535`. */
  readonly expected: string;
  /** JSON Schema of what may be written. */
  readonly json: Readonly<Record<string, unknown>>;
  /** A wrong value may hold a credential, and is not repeated in messages. */
  readonly confidential?: boolean;
  /** The words to choose from, for suggestions. */
  readonly words?: readonly string[];
  /** What is wrong with the text as it stands in the file, before variables are filled in. */
  refuse?(written: string): string | undefined;
  /** What is wrong with a text that is not of this kind, where more can be said; never the text itself. */
  why?(text: string): string | undefined;
  /** The value, or undefined when the text is not of this kind. */
  parse(text: string): Value | undefined;
}

/** What stands for its value until the configuration is loaded; allowed wherever a text is. */
export const variable = { type: 'string', pattern: String.raw`\$\{` };

/** Any text but the empty one. */
export const text: Kind<string> = {
  expected: 'a text',
  json: { type: 'string', minLength: 1 },
  parse: (written) => (written === '' ? undefined : written),
};

/** Where a server listens: an address of the machine, or a name that has one. */
export const listenHost: Kind<string> = {
  expected: 'an IP address or a host name',
  json: { type: 'string', minLength: 1 },
  parse: (written) => (isIP(written) > 0 || isHostName(written) ? written : undefined),
};

/** `1.5h`, a number and its unit, as milliseconds. */
export const duration: Kind<number> = {
  expected: 'a duration with its unit (ms, s, m, h, d)',
  json: { type: 'string', pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$|\$\{` },
  parse: parseDuration,
};

/** A duration of a minute or more. */
export const minutes: Kind<number> = {
  ...duration,
  expected: 'a duration of at least 1m, with its unit (ms, s, m, h, d)',
  parse(written) {
    const value = parseDuration(written);
    return value !== undefined && value >= 60_000 ? value : undefined;
  },
};

/** A duration of more than nothing; a number without a unit counts milliseconds. */
export const milliseconds: Kind<number> = {
  expected: 'a duration with its unit (ms, s, m, h, d), or a number of milliseconds',
  json: { type: ['integer', 'string'], minimum: 1, pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)?$|\$\{` },
  parse: (written) => positive(parseDuration(/^\d+$/.test(written) ? `${written}ms` : written)),
};

/** `5MiB` or `1.5GB`, as bytes, more than none; a number without a unit counts bytes. */
export const size: Kind<number> = {
  expected: 'a size in bytes, or with its unit (kB, MB, GB, KiB, MiB, GiB)',
  json: {
    type: ['integer', 'string'],
    minimum: 1,
    pattern: String.raw`^\d+(\.\d+)?([kMGT]?B|[KMGT]iB)?$|\$\{`,
  },
  parse: (written) => positive(parseSize(written)),
};

/** `ml/*`: which repositories a row is about. */
export const repositoryPattern: Kind<string> = {
  expected: 'a path pattern without leading slash, * within a segment, ** across them',
  json: { type: 'string', minLength: 1 },
  parse: (written) => (repositoryPatternForm.test(written) ? written : undefined),
};

/** `auto-*`: names of Kubernetes objects. */
export const namePattern: Kind<string> = {
  expected: 'a name in lower-case letters, digits and dashes, * for any part of it',
  json: { type: 'string', minLength: 1 },
  parse: (written) => (/^[a-z0-9*-]+$/.test(written) ? written : undefined),
};

/** `release/*`: names of branches. */
export const branchPattern: Kind<string> = {
  expected: 'a name of a branch, * for any part of it, without blanks and any of ~^:?[\\',
  json: { type: 'string', minLength: 1 },
  parse: (written) => (/^[^\s~^:?[\\]+$/.test(written) ? written : undefined),
};

/** An address that requests are sent to; without anything in it that could be a secret. */
export const httpUrl: Kind<string> = {
  expected: 'an http or https address without user, password, query and fragment',
  json: { type: 'string', pattern: String.raw`^https?://|\$\{` },
  confidential: true,
  parse: plainHttpUrl,
};

/** The address of a GitHub as people open it; from it follows where its API is. */
export const githubUrl: Kind<string> = {
  ...httpUrl,
  expected:
    'the address that people open, https://github.com or that of an Enterprise Server such as https://ghe.example.com, without /api/v3',
  why: (written) => (isApiUrl(written) ? "is the address of the host's API" : undefined),
  parse: (written) => (isApiUrl(written) ? undefined : plainHttpUrl(written)),
};

/** An address that remotes of repositories are compared with, segment by segment (`domain/remote-place.ts`). */
export const remoteUrl: Kind<string> = {
  expected:
    'the address of a data remote (s3, gs, azure, http, https, or an absolute path) without credentials, "..", "//" and "%"',
  json: { type: 'string', minLength: 1 },
  confidential: true,
  why: (written) =>
    placeOf(written)?.scheme === 's3'
      ? 'names a bucket that cannot exist (3 to 63 letters, digits, dots, dashes and underscores)'
      : undefined,
  parse: (written) => (isRemoteUrl(written) ? written : undefined),
};

/** A region of S3, `eu-central-1`; it becomes part of a host name. */
export const region: Kind<string> = {
  expected: 'the name of a region in lower-case letters, digits and dashes',
  json: { type: 'string', minLength: 1 },
  parse: (written) => (isRegion(written) ? written : undefined),
};

/** The address of Redis; a password in it has to come from a variable. */
export const redisUrl: Kind<string> = {
  expected: 'a redis, rediss or unix address',
  json: { type: 'string', pattern: String.raw`^(rediss?|unix)://|\$\{` },
  confidential: true,
  refuse: (written) =>
    /^\w+:\/\/[^/@]*:[^@]+@/.test(written) && !written.includes('${')
      ? 'holds a password, and files are shared and kept; give it as a variable'
      : undefined,
  parse: (written) =>
    /^(?:rediss?|unix):\/\/\S+$/.test(written) && URL.canParse(written) ? written : undefined,
};

/** A file or directory of the server. */
export const path: Kind<string> = {
  expected: 'an absolute path',
  json: { type: 'string', pattern: String.raw`^/|\$\{` },
  parse: (written) => (written.startsWith('/') && !written.includes('\0') ? written : undefined),
};

/** A whole number within bounds. */
export function wholeNumber(minimum: number, maximum: number): Kind<number> {
  return {
    expected: `a whole number from ${minimum} to ${maximum}`,
    json: { type: ['integer', 'string'], minimum, maximum, pattern: String.raw`^\d+$|\$\{` },
    parse(written) {
      const value = /^\d{1,15}$/.test(written) ? Number(written) : -1;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

/** One of a few words. */
export function choice<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    expected: words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`,
    json: { anyOf: [{ enum: words }, variable] },
    words,
    parse: (written) => words.find((word) => word === written),
  };
}

/** An identifier that other places refer to. */
export function identifier(longest: number): Kind<string> {
  return {
    expected: `lower-case letters, digits, dashes and dots, ${longest} characters at most`,
    json: { type: 'string', minLength: 1, maxLength: longest },
    parse: (written) =>
      /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(written) && written.length <= longest ? written : undefined,
  };
}

/** A person of a host: `alice@corp`. */
export const operatorName: Kind<string> = {
  expected: 'a user name, @, and the id of a host',
  json: { type: 'string', minLength: 3 },
  parse: (written) => (/^[\w.-]{1,255}@[a-z0-9.-]{1,40}$/.test(written) ? written : undefined),
};

/** A header that a proxy adds, in lower case; those of browsers say other things. */
export const headerName: Kind<string> = {
  expected: "the name of a header of the proxy's own",
  json: { type: 'string', minLength: 1 },
  parse: (written) =>
    /^[a-z0-9-]{2,64}$/i.test(written) &&
    !/^(?:accept|authorization|cookie|host|origin|referer)$/i.test(written)
      ? written.toLowerCase()
      : undefined,
};

/** What is read is judged as it will be when it is opened. */
function isRemoteUrl(written: string): boolean {
  if (/^(?:gs|azure|https?):\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(written)) return true;
  const place = placeOf(written);
  return place !== undefined && (place.scheme === '' || parseS3Url(written) !== undefined);
}

/** The last part of a name has a letter; `3` and `1.2.3` are numbers that systems read as addresses. */
function isHostName(written: string): boolean {
  return written.length <= 253 && /^(?:[a-z0-9_-]{1,63}\.)*(?=[^.]*[a-z])[a-z0-9-]{1,63}\.?$/i.test(written);
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

function isApiUrl(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { hostname, pathname } = new URL(written);
  return /^api\.(?:github|.+\.ghe)\.com$/.test(hostname) || /^\/api(?:\/|$)/.test(pathname);
}

/** The address without a slash at its end. */
function plainHttpUrl(written: string): string | undefined {
  if (!/^https?:\/\/[^\s/]/i.test(written) || !URL.canParse(written)) return undefined;
  const { username, password, origin, pathname, search, hash } = new URL(written);
  if (username !== '' || password !== '' || search !== '' || hash !== '' || written.includes('@'))
    return undefined;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
