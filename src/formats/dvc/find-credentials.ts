import type { Span } from '../source.ts';
import { isSecretKey } from './config-keys.ts';
import { namedSection } from './config-section.ts';
import type { ConfigEntry, ConfigSection } from './config-text.ts';

/** A credential in a config file: where it is, and never what it is. */
export interface Credential {
  readonly key: string;
  /** undefined: in a section that is no remote. */
  readonly remote: string | undefined;
  /** `setting`: the key's whole value. `url`: a password, token or signature in it. */
  readonly form: 'setting' | 'url';
  /** Of the key, so that not even the length of the value is told. */
  readonly span: Span;
  readonly pointer: string;
}

/** The settings that hold a secret, and the urls with one in them (specs dvc 3.2). */
export function findCredentials(sections: readonly ConfigSection[]): readonly Credential[] {
  return sections.flatMap((section) => {
    const named = namedSection(section);
    const remote = named?.kind === 'remote' ? named.name : undefined;
    return section.entries.flatMap((entry): readonly Credential[] => {
      const form = formOf(entry);
      if (form === undefined) return [];
      const pointer = [...section.path, entry.key].join('/');
      return [{ key: entry.key, remote, form, span: entry.keySpan, pointer }];
    });
  });
}

function formOf({ key, value }: ConfigEntry): Credential['form'] | undefined {
  const text = typeof value === 'string' ? value : value.join(',');
  if (text.trim() === '') return undefined;
  if (isSecretKey(key)) return 'setting';
  return holdsCredential(text) ? 'url' : undefined;
}

/** Whether a url has a password, a token in a user's place, or a signature in its query. */
export function holdsCredential(url: string): boolean {
  if (/^[^/\s@:]{2,}:[^@]+@[^/\s:]+:/.test(url) && !url.includes('://')) return true;
  const [, scheme = '', authority = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (scheme === '') return false;
  const userinfo = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
  if (userinfo !== '' && (/:./s.test(userinfo) || /^(?:https?|webdavs?)$/i.test(scheme))) return true;
  // A password may hold a slash.
  if (userinfo === '' && /:.*$/s.test(authority) && rest.includes('@')) return true;
  return /[?&](?:sig|token|key|password|x-amz-signature|x-amz-credential|x-amz-security-token)=[^&#]/i.test(
    rest,
  );
}
