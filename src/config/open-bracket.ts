/** What may hold brackets that mean nothing: quoted texts, comments, variables; and the brackets themselves. */
const parts =
  /(?<=^|[\s,[{])(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')|(?<=^|\s)#[^\n]*|\$\{[^}\n]*\}|(?<=^|[\s,[{])[[{]|[\]}]/g;

/** Where the bracket `[` or `{` opens that is not closed before an offset of a YAML text; undefined: there is none. */
export function openBracketBefore(text: string, end: number): number | undefined {
  const open: number[] = [];
  for (const { 0: part, index } of text.slice(0, end).matchAll(parts)) {
    if (part === '[' || part === '{') open.push(index);
    if (part === ']' || part === '}') open.pop();
  }
  return open.at(-1);
}
