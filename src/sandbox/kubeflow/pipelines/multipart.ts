/** The uploaded file. */
export interface Upload {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** The part `uploadfile` of a multipart body; undefined where there is none with a file name. */
export function readUpload(contentType: string, body: Buffer): Upload | undefined {
  const found = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) return undefined;
  for (const part of partsOf(body, boundary)) {
    const end = part.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const disposition = /^content-disposition:(.*)$/im.exec(part.subarray(0, end).toString())?.[1] ?? '';
    const fileName = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1];
    if (/;\s*name="?uploadfile"?(?:;|\s|$)/i.test(disposition) && fileName !== undefined)
      return { fileName, bytes: part.subarray(end + 4) };
  }
  return undefined;
}

/** What stands between the boundaries; a body without the last boundary has been cut and holds nothing. */
function partsOf(body: Buffer, boundary: string): readonly Buffer[] {
  const mark = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = body.indexOf(mark);
  while (start >= 0) {
    const from = start + mark.length;
    if (body.subarray(from, from + 2).toString() === '--') return parts;
    start = body.indexOf(Buffer.from(`\r\n--${boundary}`), from);
    if (start < 0) return [];
    parts.push(body.subarray(from + 2, start));
    start += 2;
  }
  return [];
}
