import type { Finding, RuleDescription } from '../domain/finding.ts';
import type { Place } from '../domain/place.ts';
import type { Unknown } from '../domain/verdict.ts';
import type { CheckReport } from './check-report.ts';
import { findingsOf, treeWords, unknownsOf } from './summary.ts';
import { harmlessJson, oneLine } from './text.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The report as SARIF 2.1.0, for code scanning and editors. */
export function renderSarif(report: CheckReport): string {
  const ids = new Map(report.rules.map((rule, index) => [rule.id, index]));
  const unknowns = unknownsOf(report.judgement);
  const run = {
    tool: { driver: { name: 'modelgate', version: report.version, rules: report.rules.map(ruleOf) } },
    invocations: [
      {
        executionSuccessful: unknowns.length === 0,
        ...(unknowns.length > 0 ? { toolExecutionNotifications: unknowns.map(notificationOf) } : {}),
      },
    ],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { ROOT: { description: { text: 'The top directory of the repository.' } } },
    automationDetails: { id: 'modelgate/check' },
    results: findingsOf(report.judgement).map((finding) => resultOf(finding, ids)),
  };
  return `${harmlessJson(JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, undefined, 2))}\n`;
}

function ruleOf(rule: RuleDescription): object {
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    help: helpOf(rule),
    defaultConfiguration: { level: rule.severity },
    properties: { profile: rule.profile, covers: rule.covers },
  };
}

/** The page of a rule ships with the package; it has no address of its own that viewers could open. */
function helpOf({ id, summary }: RuleDescription): object {
  const page = `docs/rules/${id}.md`;
  return {
    text: `${summary} What it means, why, and how to repair it: ${page} in the package of modelgate.`,
    markdown: `${summary}\n\nWhat it means, why, and how to repair it: \`${page}\` in the package of modelgate.`,
  };
}

function resultOf(finding: Finding, ids: ReadonlyMap<string, number>): object {
  const index = ids.get(finding.rule);
  return {
    ruleId: finding.rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: finding.severity,
    message: { text: messageOf(finding) },
    ...(!finding.file ? {} : { locations: [locationOf(finding, finding.file)] }),
    partialFingerprints: { 'modelgate/v1': finding.fingerprint },
    baselineState: finding.origin === 'new' ? 'new' : 'unchanged',
  };
}

/** Viewers show one text: what was compared, what repairs it, and a place in another tree belong to it. */
function messageOf(finding: Finding): string {
  const lines = [oneLine(finding.message)];
  for (const { what, expected, actual } of finding.compared) {
    lines.push(`${oneLine(what)}: expected ${oneLine(expected)}, found ${oneLine(actual)}`);
  }
  if (isElsewhere(finding)) {
    const { line, column } = finding.place;
    lines.push(`Place: line ${line}, column ${column}${treeWords(finding)}`);
  }
  if (finding.repair !== undefined) lines.push(`Repair: ${finding.repair}`);
  return lines.join('\n');
}

/** Viewers open the head's file: a region of the target's file would mark the wrong line there. */
function isElsewhere(finding: Finding): finding is Finding & { readonly place: Place } {
  return finding.tree === 'target' && finding.place !== undefined;
}

function locationOf(finding: Finding, file: string): object {
  const place = isElsewhere(finding) ? undefined : finding.place;
  const region = place && {
    startLine: place.line,
    startColumn: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
  };
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file), uriBaseId: 'ROOT' },
      ...(region === undefined ? {} : { region }),
    },
    logicalLocations: [{ fullyQualifiedName: finding.pointer === '' ? '/' : finding.pointer }],
  };
}

/**
 * A relative reference: each part encoded, so that a colon is no scheme and a space no end. A byte that is not UTF-8 stands
 * in a name as the lone surrogate U+DC00 + byte.
 */
function uriOf(file: string): string {
  return file
    .split('/')
    .map((part) => part.replace(/\P{Surrogate}+|\p{Surrogate}/gu, encoded))
    .join('/');
}

function encoded(run: string): string {
  if (!/^\p{Surrogate}/u.test(run)) return encodeURIComponent(run);
  const byte = run.charCodeAt(0) - 0xdc00;
  return byte >= 0x80 && byte <= 0xff ? `%${byte.toString(16).toUpperCase()}` : '%EF%BF%BD';
}

function notificationOf(unknown: Unknown): object {
  const remedy = unknown.remedy === undefined ? '' : `\nWhat to do: ${oneLine(unknown.remedy)}`;
  return {
    descriptor: { id: `unknown/${unknown.cause}` },
    level: 'error',
    message: { text: `${oneLine(unknown.what)}: ${oneLine(unknown.message)}${remedy}` },
  };
}
