import type { Finding, RuleDescription } from '../domain/finding.ts';
import type { Unknown } from '../domain/verdict.ts';
import type { CheckReport } from './check-report.ts';
import { findingText, placeInHead, unknownText } from './finding-text.ts';
import { findingsOf, unknownsOf } from './summary.ts';
import { harmlessJson } from './text.ts';

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
    message: { text: findingText(finding) },
    ...(!finding.file ? {} : { locations: [locationOf(finding, finding.file)] }),
    partialFingerprints: { 'modelgate/v1': finding.fingerprint },
    baselineState: finding.origin === 'new' ? 'new' : 'unchanged',
  };
}

function locationOf(finding: Finding, file: string): object {
  const place = placeInHead(finding);
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
  return {
    descriptor: { id: `unknown/${unknown.cause}` },
    level: 'error',
    message: { text: unknownText(unknown) },
  };
}
