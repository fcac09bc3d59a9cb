import { createHash } from 'node:crypto';
import type { Finding, Severity } from '../domain/finding.ts';
import type { Policy } from '../domain/policy.ts';
import type { Breach, Location, Rule, RuleOn, Visit } from './rule.ts';

/** What the rules of one group say about one model. */
export interface Applied {
  /** Sorted by file and place. */
  readonly findings: readonly Finding[];
  /** Findings beyond the limit: counted, not kept. Errors are kept before warnings, warnings before notes. */
  readonly omitted: number;
  /** Rules that threw: a bug of ours, which makes the check undecided. */
  readonly crashes: readonly Crash[];
}

/** A rule that threw. */
export interface Crash {
  readonly rule: string;
  /** What it threw last. */
  readonly thrown: unknown;
}

type AnyRule<Nodes> = RuleOn<Nodes, keyof Nodes>;

/** Visits the model once and offers each node to the rules that look at its kind, as far as the policy wants them. */
export function applyRules<Nodes>(
  rules: readonly Rule<Nodes>[],
  visits: Iterable<Visit<Nodes>>,
  settings: { readonly policy: Policy; readonly maxFindings: number },
): Applied {
  const { policy, maxFindings } = settings;
  const kept: Record<Severity, Finding[]> = { error: [], warning: [], note: [] };
  let found = 0;
  const crashes = offer(rules, visits, policy, (rule, breach) => {
    found += 1;
    const alike = kept[severityIn(rule, breach, policy)];
    if (alike.length < maxFindings) alike.push(toFinding(rule, breach, policy));
  });
  const findings = [...kept.error, ...kept.warning, ...kept.note].slice(0, maxFindings);
  return { findings: findings.sort(byPlace), omitted: found - findings.length, crashes };
}

/** The fingerprints of everything that the rules find, however much: what the target has is known as a whole. */
export function fingerprintsOf<Nodes>(
  rules: readonly Rule<Nodes>[],
  visits: Iterable<Visit<Nodes>>,
  policy: Policy,
): ReadonlySet<string> {
  const fingerprints = new Set<string>();
  offer(rules, visits, policy, (rule, breach) => void fingerprints.add(fingerprintOf(rule.id, breach)));
  return fingerprints;
}

/** Marks the findings that the target has too. */
export function markExisting(findings: readonly Finding[], target: ReadonlySet<string>): readonly Finding[] {
  return findings.map((finding) =>
    target.has(finding.fingerprint) ? { ...finding, origin: 'existing' } : finding,
  );
}

function offer<Nodes>(
  rules: readonly Rule<Nodes>[],
  visits: Iterable<Visit<Nodes>>,
  policy: Policy,
  take: (rule: AnyRule<Nodes>, breach: Breach) => void,
): readonly Crash[] {
  const byKind = new Map<keyof Nodes, AnyRule<Nodes>[]>();
  for (const rule of rules as readonly AnyRule<Nodes>[]) {
    if (severityOf(rule, policy) === 'off') continue;
    byKind.set(rule.on, [...(byKind.get(rule.on) ?? []), rule]);
  }
  const crashes = new Map<string, unknown>();
  for (const { kind, node } of visits) {
    for (const rule of byKind.get(kind) ?? []) {
      try {
        for (const breach of rule.check(node)) take(rule, breach);
      } catch (thrown) {
        crashes.set(rule.id, thrown);
      }
    }
  }
  return [...crashes].map(([rule, thrown]) => ({ rule, thrown }));
}

function severityOf<Nodes>(rule: AnyRule<Nodes>, policy: Policy): Severity | 'off' {
  const wanted = policy.rules[rule.id];
  if (wanted !== undefined) return wanted;
  return rule.profile === 'strict' && policy.profile === 'recommended' ? 'off' : rule.severity;
}

/** The policy's word, the case's own, the rule's. */
function severityIn<Nodes>(rule: AnyRule<Nodes>, breach: Breach, policy: Policy): Severity {
  const wanted = policy.rules[rule.id];
  return wanted === undefined || wanted === 'off' ? (breach.severity ?? rule.severity) : wanted;
}

function toFinding<Nodes>(rule: AnyRule<Nodes>, breach: Breach, policy: Policy): Finding {
  return {
    rule: rule.id,
    severity: severityIn(rule, breach, policy),
    message: breach.message,
    file: breach.at.source.path,
    ...(breach.at.tree === undefined ? {} : { tree: breach.at.tree }),
    ...placed(breach.at),
    pointer: breach.at.pointer,
    compared: breach.compared ?? [],
    repair: breach.repair,
    fingerprint: fingerprintOf(rule.id, breach),
    origin: 'new',
  };
}

function placed(at: Location): Pick<Finding, 'place' | 'excerpt'> {
  if (at.span === undefined || !('placeOf' in at.source)) return { place: undefined, excerpt: undefined };
  const place = at.source.placeOf(at.span);
  return { place, excerpt: at.source.excerptOf(place, 1) };
}

function fingerprintOf(rule: string, breach: Breach): string {
  const identity = JSON.stringify([rule, breach.at.source.path, breach.at.pointer, breach.subject ?? '']);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

function byPlace(a: Finding, b: Finding): number {
  const file = (a.file ?? '').localeCompare(b.file ?? '', 'en');
  if (file !== 0) return file;
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}
