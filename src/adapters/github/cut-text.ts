const mark = '…';

/** By code points, because half of a surrogate pair would be refused; what is cut leaves `…`. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - mark.length).replace(/[\uD800-\uDBFF]$/, '')}${mark}`;
}

/** The same by bytes of UTF-8. */
export function cutBytes(text: string, longest: number): string {
  if (Buffer.byteLength(text) <= longest) return text;
  const room = Buffer.from(text).subarray(0, longest - Buffer.byteLength(mark));
  // What was cut within a character is shown as a replacement character: it is left out.
  return `${room.toString('utf8').replace(/\uFFFD+$/, '')}${mark}`;
}
