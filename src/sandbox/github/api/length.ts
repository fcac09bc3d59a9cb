/** How long a text is in code points, as the host counts its limits. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
