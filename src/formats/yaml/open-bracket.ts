/** What may hold brackets that mean nothing: quoted texts, comments, variables; and the brackets themselves. */
const parts =
  /(?<=^|[\s,[{])(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')|(?<=^|\s)#[^\n]*|\$\{[^}\n]{0,200}\}|(?<=^|[\s,[{])[[{]|[\]}]/g;

/** Where the bracket `[` or `{` opens before an offset of a YAML text that is closed nowhere; undefined: there is none. */
export function openBracketBefore(text: string, end: number): number | undefined {
  const open: number[] = [];
  for (const { 0: part, index } of text.matchAll(parts)) {
    if (part === '[' || part === '{') open.push(index);
    if (part === ']' || part === '}') open.pop();
  }
  return open.findLast((at) => at < end);
}
