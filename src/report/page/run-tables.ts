import type { Difference } from '../../domain/difference.ts';
import type { Run } from '../../domain/run.ts';
import type { CheckResult } from '../../domain/verdict.ts';
import { changeText, versionText } from '../differences.ts';
import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { countTexts } from '../summary.ts';
import { facts, table } from './layout.ts';
import { stateMark } from './mark.ts';

/** What each check says, and what it looked at. */
export function checksTable(checks: readonly CheckResult[]): Html | undefined {
  return table('Checks', ['check', 'verdict', 'looked at'], checks.map(checkRow));
}

function checkRow({ check, verdict, counts }: CheckResult): readonly HtmlPart[] {
  const { things, proven } = countTexts(counts);
  const looked = [...things, ...proven].join(', ');
  return [check, stateMark({ tone: verdict, word: verdict }), looked === '' ? 'nothing to check' : looked];
}

/** Outputs that the merge changes. */
export function differencesTable(list: readonly Difference[]): Html | undefined {
  return table(
    'Changes in tracked data',
    ['data', 'before', 'after', 'change'],
    list.map((difference) => {
      const { path, before, after } = difference;
      return [code(path), versionText(before), versionText(after), changeText(difference)];
    }),
  );
}

/** What exactly was judged, and by what. */
export function factsOf(run: Run): Html {
  const { judgement, change } = run;
  return facts([
    ['run', code(run.id)],
    ['head', code(change.head)],
    ['target', code(judgement?.base ?? run.base)],
    ['judged', judgement === undefined ? undefined : judgedWords[judgement.judged]],
    ['tree', code(judgement?.tree)],
    [
      'policy',
      judgement === undefined ? undefined : `${judgement.mode}, ${policyWords[judgement.policySource]}`,
    ],
    ['rules', judgement === undefined ? undefined : code(judgement.rulesVersion)],
  ]);
}

function code(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : markup`<code>${text}</code>`;
}

const judgedWords = {
  'merge-result': 'the result of merging head into target',
  head: 'the head as it is',
  conflict: 'nothing: head and target are in conflict',
} as const;

const policyWords = {
  target: 'from the target branch',
  defaults: 'defaults, the target branch has no .modelgate.yaml',
  'defaults-because-broken': 'defaults, because .modelgate.yaml of the target branch is not valid',
} as const;
