const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML content. Control characters become references, as S3 sends them, though XML 1.0 forbids those. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"\p{Cc}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return entities[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
}

/** With the declaration S3 sends. */
export function xmlDocument(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
}

/** `encoding-type=url`: everything but letters, digits and `*-._/` as UTF-8 octets, the blank as `+`. */
export function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()~]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}
