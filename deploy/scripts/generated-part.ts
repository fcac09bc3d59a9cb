/** The text with what stands between the markers of `name` replaced. @throws Error where a marker is missing. */
export function replacePart(text: string, name: string, content: string): string {
  const begin = `<!-- generated: begin ${name} -->`;
  const end = `<!-- generated: end ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the markers ${begin} and ${end} are missing`);
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
