import { createHash } from 'node:crypto';
import type { Finding, Severity } from '../domain/finding.ts';
import type { Policy } from '../domain/policy.ts';
import type { Breach, Location, Rule, RuleOn, Visit } from './rule.ts';

/** What the rules of one group say about one model. */
export interface Applied {
  /** Sorted by file and place. */
  readonly findings: readonly Finding[];
  /** Findings beyond the limit: counted, not kept. */
  readonly omitted: number;
  /** Rules that threw: a bug of ours, which makes the check undecided. */
  readonly crashes: readonly { readonly rule: string; readonly message: string }[];
}

type AnyRule<Nodes> = RuleOn<Nodes, keyof Nodes>;

/** Visits the model once and offers each node to the rules that look at its kind, as far as the policy wants them. */
export function applyRules<Nodes>(
  rules: readonly Rule<Nodes>[],
  visits: Iterable<Visit<Nodes>>,
  settings: { readonly policy: Policy; readonly maxFindings: number },
): Applied {
  const byKind = new Map<keyof Nodes, AnyRule<Nodes>[]>();
  for (const rule of rules as readonly AnyRule<Nodes>[]) {
    if (severityOf(rule, settings.policy) === 'off') continue;
    byKind.set(rule.on, [...(byKind.get(rule.on) ?? []), rule]);
  }
  const findings: Finding[] = [];
  const crashes = new Map<string, string>();
  let omitted = 0;
  for (const { kind, node } of visits) {
    for (const rule of byKind.get(kind) ?? []) {
      try {
        for (const breach of rule.check(node)) {
          if (findings.length < settings.maxFindings) findings.push(toFinding(rule, breach, settings.policy));
          else omitted += 1;
        }
      } catch (thrown) {
        crashes.set(rule.id, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
      }
    }
  }
  return {
    findings: findings.sort(byPlace),
    omitted,
    crashes: [...crashes].map(([rule, message]) => ({ rule, message })),
  };
}

/** Marks the findings that the target has too. */
export function markExisting(findings: readonly Finding[], target: readonly Finding[]): readonly Finding[] {
  const known = new Set(target.map((finding) => finding.fingerprint));
  return findings.map((finding) => (known.has(finding.fingerprint) ? { ...finding, origin: 'existing' } : finding));
}

function severityOf<Nodes>(rule: AnyRule<Nodes>, policy: Policy): Severity | 'off' {
  const wanted = policy.rules[rule.id];
  if (wanted !== undefined) return wanted;
  return rule.profile === 'strict' && policy.profile === 'recommended' ? 'off' : rule.severity;
}

function toFinding<Nodes>(rule: AnyRule<Nodes>, breach: Breach, policy: Policy): Finding {
  const wanted = policy.rules[rule.id];
  const severity = wanted === undefined || wanted === 'off' ? (breach.severity ?? rule.severity) : wanted;
  return {
    rule: rule.id,
    severity,
    message: breach.message,
    file: breach.at.source.path,
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
