/** Sections of an AWS credentials or config file; names and keys as written. */
export type IniSections = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Reads `[section]` and `key = value`; whole-line comments, and ` #` or ` ;` after a value. Nested (indented) keys are left out. */
export function readIni(text: string): IniSections {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\[([^\]]*)\]/.exec(line);
    if (heading !== null) {
      const name = (heading[1] ?? '').trim().replace(/\s+/g, ' ');
      current = sections.get(name) ?? {};
      sections.set(name, current);
      continue;
    }
    const pair = /^([^\s#;=][^=]*?)\s*=\s*(.*)$/.exec(line);
    if (pair === null || current === undefined) continue;
    const [, key = '', value = ''] = pair;
    current[key.toLowerCase()] = value.replace(/\s[#;].*$/, '').trim();
  }
  return sections;
}
