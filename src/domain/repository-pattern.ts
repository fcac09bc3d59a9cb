/** The form of a pattern: path segments of letters, digits, `_ . -` and wildcards, `ml/*`, `**`. */
export const repositoryPatternForm = /^[\w.*-]+(?:\/[\w.*-]+)*$/;

/**
 * Tells whether one of the patterns names a repository. `*` stands for characters of one path segment, `**` for any
 * number of them, slashes included. Hosts compare paths without regard to case, and so does this.
 */
export function repositoryMatcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(toExpression);
  return (path) => expressions.some((expression) => expression.test(path));
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .split(/(\*{2,}|\*)/)
    .map((part) => (part === '*' ? '[^/]*' : part.startsWith('**') ? '.*' : part.replace(/[^\w/-]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 'i');
}
