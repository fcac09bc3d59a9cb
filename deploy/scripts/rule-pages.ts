import type { RuleDescription } from '../../src/domain/finding.ts';

/** The facts at the head of a rule's page. */
export function ruleHeader(rule: RuleDescription): string {
  const facts = [`severity ${rule.severity}`, `profile ${rule.profile}`];
  if (rule.covers.length > 0) facts.push(`covers ${rule.covers.join(', ')}`);
  return [`**${rule.summary}**`, '', facts.join(' · ')].join('\n');
}

/** The table of all rules, in the order of the registry. */
export function ruleIndex(rules: readonly RuleDescription[]): string {
  const rows = rules.map(
    ({ id, severity, profile, summary }) => `| [${id}](${id}.md) | ${severity} | ${profile} | ${summary} |`,
  );
  return ['| rule | severity | profile | what it finds |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
