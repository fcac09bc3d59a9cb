import { longestComment } from '../domain/comment-length.ts';
import type { Finding } from '../domain/finding.ts';
import { shortSha } from '../domain/repository.ts';
import type { Decision, Run } from '../domain/run.ts';
import type { Judgement, Unknown } from '../domain/verdict.ts';
import { differencesTable } from './differences.ts';
import { escapeText, fenced, inlineCode, link, sentence } from './markdown.ts';
import { judgementLine } from './status-line.ts';
import {
  findingsOf,
  groupByFile,
  namesOf,
  omittedOf,
  omittedUnknownsOf,
  treeWords,
  unknownsOf,
} from './summary.ts';
import { plural, shorten } from './text.ts';

/** What a comment is made of. */
export interface CommentInput {
  readonly judgement: Judgement;
  readonly decision: Decision;
  /** The details page; undefined on a laptop. */
  readonly url: string | undefined;
  /** `counts`: nothing of the repository's names leaves the details page. */
  readonly disclose: 'names' | 'counts';
  readonly targetBranch: string;
}

const maxMessage = 1000;
const maxRepair = 2000;
const maxUnknowns = 20;

/** The comment of a judged run, and whether it is worth making one where there is none. */
export function commentOf(
  run: Run,
  options: { readonly url: string; readonly disclose: 'names' | 'counts' },
): { readonly body: string; readonly create: boolean } {
  const { judgement, decision } = run;
  if (judgement === undefined || decision === undefined) return { body: '', create: false };
  const body = renderComment({ ...options, judgement, decision, targetBranch: run.change.targetBranch });
  return { body, create: shouldComment(judgement) };
}

/** A comment is worth making when there is something to do or a difference to see; silence otherwise. */
export function shouldComment(judgement: Judgement): boolean {
  const worth = findingsOf(judgement).some(
    (finding) => finding.origin === 'new' || finding.severity === 'error',
  );
  return worth || unknownsOf(judgement).length > 0 || judgement.differences.length > 0;
}

/** The one comment of a change, as Markdown of GitLab and GitHub. */
export function renderComment(input: CommentInput): string {
  const { judgement, decision } = input;
  const head = `### ${mark(input)} ${escapeText(judgementLine(withNames(input), decision))}`;
  const foot = footer(input);
  if (input.disclose === 'counts') return [head, foot].join('\n\n') + '\n';
  const blocks = [...modeBlocks(judgement), ...findingBlocks(judgement)];
  blocks.push(
    ...unknownBlocks(unknownsOf(judgement), omittedUnknownsOf(judgement)),
    ...differencesTable(judgement),
  );
  return fit(head, blocks, foot);
}

/** A status line without names: the rules stay, files and causes do not. */
function withNames(input: CommentInput): Judgement {
  if (input.disclose === 'names') return input.judgement;
  const checks = input.judgement.checks.map((check) => ({
    ...check,
    findings: check.findings.map((finding) => ({ ...finding, file: undefined })),
    unknowns: check.unknowns.map((unknown) => ({ ...unknown, message: `${unknown.cause}, see the details` })),
  }));
  return { ...input.judgement, checks };
}

function mark({ judgement, decision }: CommentInput): string {
  if (decision.verdict === 'passed') return '✅ modelgate passed:';
  return decision.verdict === 'failed' && judgement.mode !== 'advisory'
    ? '❌ modelgate failed:'
    : '⚠️ modelgate:';
}

function modeBlocks(judgement: Judgement): readonly string[] {
  const blocks: string[] = [];
  if (judgement.policySource === 'defaults-because-broken') {
    blocks.push(
      '**Policy:** `.modelgate.yaml` on the target branch cannot be read; the defaults apply until it is repaired.',
    );
  }
  if (judgement.mode === 'advisory') blocks.push('**Advisory mode:** nothing here blocks the merge.');
  return blocks;
}

function findingBlocks(judgement: Judgement): readonly string[] {
  const findings = findingsOf(judgement);
  const brought = findings.filter((finding) => finding.origin === 'new');
  const existing = findings.filter((finding) => finding.origin === 'existing');
  const blocks = groupBlocks(brought);
  if (existing.length > 0) {
    blocks.push(
      `#### On the target branch already: ${plural(existing.length, 'finding')}`,
      ...groupBlocks(existing),
    );
  }
  const omitted = omittedOf(judgement);
  if (omitted > 0)
    blocks.push(`**And ${plural(omitted, 'more finding')}** beyond the limit of what is kept.`);
  return blocks;
}

function groupBlocks(findings: readonly Finding[]): string[] {
  const blocks: string[] = [];
  for (const [file, group] of groupByFile(findings)) {
    blocks.push(file === undefined ? '#### The change as a whole' : `#### ${inlineCode(shorten(file, 300))}`);
    blocks.push(...group.map(findingBlock));
  }
  return blocks;
}

function findingBlock(finding: Finding): string {
  const where = finding.place === undefined ? '' : `, line ${finding.place.line}${treeWords(finding)}`;
  const message = sentence(shorten(finding.message, maxMessage), namesOf(finding));
  const lines = [`**${finding.severity}** ${inlineCode(finding.rule)}${where}: ${message}`];
  for (const { what, expected, actual } of finding.compared.slice(0, 10)) {
    const values = `expected ${inlineCode(shorten(expected, 300))}, found ${inlineCode(shorten(actual, 300))}`;
    lines.push('', `- **${escapeText(shorten(what, 200))}:** ${values}`);
  }
  if (finding.repair !== undefined)
    lines.push('', 'Repair:', '', fenced(shorten(finding.repair, maxRepair), ''));
  return lines.join('\n');
}

function unknownBlocks(unknowns: readonly Unknown[], omitted: number): readonly string[] {
  if (unknowns.length === 0) return [];
  const lines = unknowns.slice(0, maxUnknowns).map((unknown) => {
    const remedy =
      unknown.remedy === undefined ? '' : ` **What to do:** ${sentence(shorten(unknown.remedy, maxMessage))}`;
    const why = sentence(ended(shorten(unknown.message, maxMessage)));
    return `- ${inlineCode(shorten(unknown.what, 300))}: ${why}${remedy}`;
  });
  const rest = Math.max(0, unknowns.length - maxUnknowns) + omitted;
  if (rest > 0) lines.push(`- and ${rest} more`);
  return ['#### Could not be decided', lines.join('\n')];
}

/** What is not known is told in words that could go on; here another sentence follows. */
function ended(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

function footer({ judgement, url, targetBranch, disclose }: CommentInput): string {
  const head = judgement.head === undefined ? 'the working tree' : inlineCode(shortSha(judgement.head));
  const target = disclose === 'counts' ? 'its target' : inlineCode(shorten(targetBranch, 100));
  const base = `${target} at ${inlineCode(shortSha(judgement.base))}`;
  const facts = {
    'merge-result': `Judged ${head} as merged into ${base}`,
    head: `Judged ${head} itself, not its merge into ${base}`,
    conflict: `Judged nothing: ${head} cannot be merged into ${base}`,
  }[judgement.judged];
  return `<sub>${facts}${url === undefined ? '' : ` · ${link('details', url)}`}</sub>`;
}

/** As many blocks as fit, and how many did not. */
function fit(head: string, blocks: readonly string[], foot: string): string {
  const kept: string[] = [];
  let length = head.length + foot.length + 200;
  for (const block of blocks) {
    length += block.length + 2;
    if (length > longestComment) {
      kept.push(
        `**And ${plural(blocks.length - kept.length, 'more part')}** that would make this comment too long.`,
      );
      break;
    }
    kept.push(block);
  }
  return [head, ...kept, foot].join('\n\n') + '\n';
}
