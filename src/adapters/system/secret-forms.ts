/** The texts under which one secret may show up. */
export interface SecretForms {
  /** Its own characters, escaped or percent-encoded: exactly these are redacted. */
  readonly exact: ReadonlySet<string>;
  /** The middle of its base64, whatever stands before and after it: the whole base64 word is redacted. */
  readonly base64: ReadonlySet<string>;
}

/** Every form of a secret; a plain token has one exact form and three or four base64 ones. */
export function formsOf(secret: string): SecretForms {
  const escaped = jsonEscapes(secret);
  return {
    exact: new Set([secret, ...escaped, ...percentForms(secret)]),
    base64: new Set([0, 1, 2].flatMap((offset) => base64Cores(secret, offset))),
  };
}

/** JSON in a string of a JSON in a log line is escaped three times; some writers also escape what is not ASCII. */
function jsonEscapes(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  const ascii = once.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const asciiTwice = JSON.stringify(ascii).slice(1, -1);
  return [once, twice, JSON.stringify(twice).slice(1, -1), ascii, asciiTwice, once.replaceAll('/', '\\/')];
}

/** As components, whole urls and forms encode it, by lenient and by strict writers, with upper and lower-case digits. */
function percentForms(secret: string): string[] {
  const wellFormed = Buffer.from(secret, 'utf8').toString('utf8');
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*~]/g, percent);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [component, strict, encodeURI(wellFormed), strict.replaceAll('%20', '+'), form].flatMap((text) => [
    text,
    text.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * The base64 digits that depend on the secret alone when `offset` (modulo 3) bytes stand before it: those whose six
 * bits all lie inside it. Ordinary, URL-safe and percent-encoded alphabet.
 */
function base64Cores(secret: string, offset: number): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  const core = digits.slice(first, end);
  const encoded = core.replaceAll('+', '%2B').replaceAll('/', '%2F');
  return [
    core,
    core.replaceAll('+', '-').replaceAll('/', '_'),
    core.replaceAll('/', '\\/'),
    encoded,
    encoded.replaceAll('%2B', '%2b').replaceAll('%2F', '%2f'),
  ];
}
