/** A place that a binding names or a remote asks for: compared segment by segment, never as text. */
export interface Place {
  /** `s3` or `` for a directory. */
  readonly scheme: 's3' | '';
  /** The bucket first, then the path's segments. */
  readonly segments: readonly string[];
}

/**
 * A url as a place, or undefined when it is not written plainly. Refused, not repaired: `.` and `..`, empty segments in
 * the middle, backslashes, control characters, and in S3 urls percent signs, `?` and `#`, since servers and gateways
 * disagree about what those mean. One slash at the end is no difference.
 */
export function placeOf(url: string): Place | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f\\]/.test(url) || /\p{Surrogate}/u.test(url)) return undefined;
  const bucket = /^s3:\/\/([^/]+)(?:\/|$)/i.exec(url)?.[1];
  if (bucket !== undefined) {
    if (/[%?#]/.test(url) || !/^[a-z0-9][a-z0-9._-]*$/i.test(bucket)) return undefined;
    return toPlace('s3', [bucket, ...segmentsOf(url.slice(5 + bucket.length))]);
  }
  return url.startsWith('/') ? toPlace('', segmentsOf(url)) : undefined;
}

/** Whether a place is the bound one or lies below it: `dvc-other` is not below `dvc`. */
export function isWithin(place: Place, bound: Place): boolean {
  if (place.scheme !== bound.scheme || place.segments.length < bound.segments.length) return false;
  return bound.segments.every((segment, index) => segment === place.segments[index]);
}

function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function toPlace(scheme: Place['scheme'], segments: readonly string[]): Place | undefined {
  return segments.some((segment) => ['', '.', '..'].includes(segment)) ? undefined : { scheme, segments };
}
