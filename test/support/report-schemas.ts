import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { readXml, type XmlElement } from './read-xml.ts';

/** One entry as GitLab's documentation of its Code Quality report describes it, and nothing else. */
const codequality = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{32,64}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'lines'],
        properties: {
          // Relative to the top of the repository, and never with a dot in front.
          path: { type: 'string', minLength: 1, not: { pattern: '^(?:/|\\./|\\.\\./)' } },
          lines: {
            type: 'object',
            additionalProperties: false,
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
} as const;

const isCodequality = new Ajv({ strict: true, allErrors: true }).compile(codequality);

/** An entry of a Code Quality report. */
export interface QualityEntry {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** Reads a report as GitLab would, and fails where GitLab would drop something. */
export function expectCodequality(text: string): readonly QualityEntry[] {
  const entries: readonly QualityEntry[] = JSON.parse(text);
  isCodequality(entries);
  expect(isCodequality.errors).toBeNull();
  expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(entries.length);
  return entries;
}

/** Elements of the schema of Ant's report, which is the strictest: the children in their order, `?` and `*` as usual. */
const content: Readonly<Record<string, RegExp>> = {
  testsuites: /^(?:testsuite )*$/,
  testsuite: /^properties (?:testcase )*system-out system-err $/,
  properties: /^$/,
  testcase: /^(?:skipped |error |failure )?$/,
  skipped: /^$/,
  error: /^$/,
  failure: /^$/,
  'system-out': /^$/,
  'system-err': /^$/,
};

const count = /^\d+$/;
const word = /\S/;

/** Attributes that the schemas of Ant and of Jenkins both allow; all of them are required here. */
const attributesOf: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  testsuites: {},
  testsuite: {
    name: word,
    package: word,
    id: count,
    tests: count,
    failures: count,
    errors: count,
    skipped: count,
    time: /^\d+$/,
    timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    hostname: word,
  },
  properties: {},
  testcase: { name: word, classname: /^modelgate\.\S+$/, time: /^\d+$/ },
  skipped: { message: word },
  error: { message: word, type: word },
  failure: { message: word, type: word },
  'system-out': {},
  'system-err': {},
};

/** A test case of a report, and how it ended. */
export interface TestCase {
  readonly suite: string;
  readonly group: string;
  readonly name: string;
  readonly end: string;
  readonly text: string;
}

/** Reads a report as GitLab and Jenkins would, and fails where a schema forbids something or a case would be lost. */
export function expectJunit(text: string): readonly TestCase[] {
  const root = readXml(text);
  expect(root.name).toBe('testsuites');
  expectKnown(root);
  const cases = root.children.flatMap(expectSuite);
  expect(new Set(cases.map(({ group, name }) => `${group}\0${name}`)).size).toBe(cases.length);
  return cases;
}

function expectKnown(element: XmlElement): void {
  expect(Object.keys(content)).toContain(element.name);
  expect(element.children.map(({ name }) => `${name} `).join('')).toMatch(content[element.name]!);
  const wanted = attributesOf[element.name]!;
  expect(Object.keys(element.attributes).toSorted()).toEqual(Object.keys(wanted).toSorted());
  for (const [name, pattern] of Object.entries(wanted)) expect(element.attributes[name]).toMatch(pattern);
  for (const child of element.children) expectKnown(child);
}

function expectSuite(suite: XmlElement, index: number): readonly TestCase[] {
  const cases = suite.children.filter(({ name }) => name === 'testcase').map(caseOf);
  const counted = (end: string): string => String(cases.filter((one) => one.end === end).length);
  expect(suite.attributes).toMatchObject({
    id: String(index),
    tests: String(cases.length),
    failures: counted('failure'),
    errors: counted('error'),
    skipped: counted('skipped'),
  });
  return cases.map((one) => ({ ...one, suite: suite.attributes['name']! }));
}

function caseOf({ attributes, children: [end] }: XmlElement): Omit<TestCase, 'suite'> {
  const group = attributes['classname']!.replace('modelgate.', '');
  return { group, name: attributes['name']!, end: end?.name ?? 'passed', text: end?.text ?? '' };
}

/** A workflow command, unescaped as the runner of GitHub Actions does it. */
export interface WorkflowCommand {
  readonly kind: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/**
 * Splits the output of a step into commands and other lines, as the runner does: between `stop-commands` and its token
 * nothing is a command.
 */
export function readWorkflowCommands(output: string): {
  readonly commands: readonly WorkflowCommand[];
  readonly lines: readonly string[];
} {
  const commands: WorkflowCommand[] = [];
  const lines: string[] = [];
  let stoppedBy: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const command = commandOf(line.trimStart());
    if (stoppedBy !== undefined) {
      if (command?.kind === stoppedBy) stoppedBy = undefined;
      else lines.push(line);
    } else if (command?.kind === 'stop-commands') stoppedBy = command.message;
    else if (command === undefined) lines.push(line);
    else commands.push(command);
  }
  return { commands, lines };
}

function commandOf(line: string): WorkflowCommand | undefined {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1;
  if (end === -1) return undefined;
  const head = line.slice(2, end);
  const space = head.indexOf(' ');
  const kind = space === -1 ? head : head.slice(0, space);
  const list = space === -1 ? [] : head.slice(space + 1).split(',');
  const properties = list.map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), unescapeProperty(pair.slice(at + 1))] as const;
  });
  return { kind, properties: Object.fromEntries(properties), message: unescapeData(line.slice(end + 2)) };
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
