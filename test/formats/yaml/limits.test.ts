import { describe, expect, test } from 'vitest';
import { read } from './read.ts';

/** The first message, with the time it took. */
function attempt(
  text: string,
  options: Parameters<typeof read>[1] = {},
): { messages: readonly string[]; ms: number } {
  const start = performance.now();
  const { problems } = read(text, options);
  const ms = performance.now() - start;
  return { messages: problems.map(({ code, message }) => `${code}: ${message}`), ms };
}

describe('hostile YAML is refused quickly, and the answer names the setting', () => {
  const laughs = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...Array.from('bcdefghi').map(
      (name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(10)}]`,
    ),
  ].join('\n');
  const chain = Array.from(
    { length: 200 },
    (_, index) => `k${index}: &k${index} {v: {v: {v: ${index === 0 ? 1 : `*k${index - 1}`}}}}`,
  ).join('\n');
  test.each<[name: string, text: string, message: RegExp]>([
    [
      'ten thousand aliases',
      `a: &a 1\nb: [${'*a,'.repeat(10_000)}]`,
      /^limit: more than 1000 aliases \(limit yamlAliases\)$/,
    ],
    ['billion laughs', laughs, /^limit: more than 500000 values, .* \(limit yamlNodes\)$/],
    [
      'merges of merges',
      `a0: &a0 {k: 1}\n${Array.from({ length: 900 }, (_, index) => `a${index + 1}: &a${index + 1} {<<: *a${index}, <<: *a${index}, k${index}: 1}`).join('\n')}`,
      /\(limit yaml(?:Nodes|Aliases)\)$/,
    ],
    ['depth by aliases', chain, /^limit: nested more than 100 levels deep, .* \(limit yamlDepth\)$/],
    [
      'ten thousand lists in lists',
      '['.repeat(10_000),
      /^limit: nested more than 100 levels deep \(limit yamlDepth\)$/,
    ],
    [
      'two thousand mappings in mappings',
      Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /\(limit yamlDepth\)$/,
    ],
    ['six megabytes', 'x'.repeat(6 * 1024 * 1024), /^limit: larger than 5242880 bytes \(limit fileBytes\)$/],
    ['four megabytes of two-byte letters', 'é'.repeat(4 * 1024 * 1024), /\(limit fileBytes\)$/],
  ])('%s', (_, text, message) => {
    const { messages, ms } = attempt(text);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(message);
    expect(ms).toBeLessThan(1000);
  });

  test('the limits themselves — met exactly — no problem', () => {
    expect(attempt(`a: &a 1\nb: [${Array(1000).fill('*a').join(',')}]`).messages).toEqual([]);
    expect(attempt('[1, 2]', { limits: { yamlNodes: 4 } }).messages).toEqual([]);
    expect(attempt('[1, 2, 3]', { limits: { yamlNodes: 4 } }).messages).toHaveLength(1);
  });
});

function keys(bytes: number): string {
  const lines: string[] = [];
  for (let index = 0, length = 0; length < bytes; index += 1) {
    const line = `key${index}: 1\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('');
}

describe('reading is linear', () => {
  test('5 MB of keys — read within five seconds on a shared machine (about one on its own)', () => {
    const { messages, ms } = attempt(keys(5_000_000), { limits: { yamlNodes: 2_000_000 } });
    expect(messages).toEqual([]);
    expect(ms).toBeLessThan(5000);
  });

  test('16 thousand keys in one mapping — read within half a second', () => {
    expect(attempt(keys(180_000)).ms).toBeLessThan(500);
  });

  test.each([
    ['comments', '# c\n'.repeat(400_000)],
    ['unfinished shallow quotes', 'a: "x\n'.repeat(100_000)],
    ['keys and blanks', `a: ${' '.repeat(500_000)}: "x\n`],
    ['colons', `${'a: '.repeat(100_000)}\n"`],
    ['quotes with breaks', `- "x\n- y"\n`.repeat(50_000)],
  ])('%s — within two seconds', (_, text) => {
    expect(attempt(text).ms).toBeLessThan(2000);
  });
});
