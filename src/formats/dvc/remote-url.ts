import { joinPath } from './join-path.ts';

/** Schemes of DVC's own (specs dvc 3.2); plug-ins may bring more. */
const schemes: ReadonlySet<string> = new Set(
  's3 gs ssh hdfs webhdfs azure oss gdrive http https webdav webdavs remote'.split(' '),
);

/** Schemes that people write and DVC refuses, with what they meant. */
const mistaken: Readonly<Record<string, string>> = {
  gcs: 'gs',
  az: 'azure',
  abfs: 'azure',
  abfss: 'azure',
  wasb: 'azure',
  sftp: 'ssh',
  ftp: '',
  file: '',
  s3a: 's3',
  s3n: 's3',
  drive: 'gdrive',
};

/** What the scheme of a remote's url says. `''` is a local directory. */
export type SchemeState =
  | { readonly kind: 'known'; readonly scheme: string }
  | { readonly kind: 'plug-in'; readonly scheme: string }
  | { readonly kind: 'refused'; readonly scheme: string; readonly meant: string };

/** The scheme as DVC sees it: a url without a host counts as local (specs dvc 3.2). */
export function schemeOf(url: string): SchemeState {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(url);
  const scheme = match?.[1]?.toLowerCase();
  if (scheme === undefined || match?.[2] === '') return { kind: 'known', scheme: '' };
  if (schemes.has(scheme)) return { kind: 'known', scheme };
  const meant = mistaken[scheme];
  return meant === undefined ? { kind: 'plug-in', scheme } : { kind: 'refused', scheme, meant };
}

/** Whether the text is a path of one machine's notation: a drive, a share, `user@host:/x` (specs dvc 3.3). */
export function isUnportable(url: string): boolean {
  if (/^\w+:\/\//.test(url)) return false;
  return /^[a-z]:[\\/]/i.test(url) || url.startsWith('\\\\') || /^[^/\s]+@[^/\s:]+:/.test(url);
}

/**
 * A url as DVC resolves it: a relative path counts from the directory of the config file (specs dvc 3.3). The scheme
 * becomes lower-case: DVC 3.67 opens `S3://bucket` as `s3://bucket`, so that the two are one remote.
 */
export function resolveUrl(url: string, directory: string): string {
  if (/^\w+:\/\//.test(url) || /^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    return url.replace(/^[^:]+/, (scheme) => scheme.toLowerCase());
  }
  if (url.startsWith('/') || url.startsWith('~') || isUnportable(url)) return url;
  return joinPath(directory, url);
}
