import { joinedLimits } from '../../../domain/metric-limits.ts';
import type { ReleaseFacts } from '../../../domain/release.ts';
import { shortSha, type Sha } from '../../../domain/repository.ts';
import { usesPlaceholder } from '../../../domain/run-parameters.ts';
import { classify } from '../../../domain/trigger.ts';
import { trainingNames } from '../../ids.ts';
import { makesWay, type Asked, type End, type Next } from '../../phase.ts';
import { outputsOf } from './changed-paths.ts';
import type { PlanSeen } from './observe.ts';

/** Whether there is anything to release, and by which plan; the plan is frozen here. */
export function nextOfPlan({ release, seen, newer, resumed }: Asked<PlanSeen>): Next<never> {
  const { policy, pipelineDigest } = seen;
  const production = policy?.production;
  const { environment = release.line.environment } = production ?? {};
  // Its release to the other environment is another line's.
  if (environment !== release.line.environment)
    return nothing(`the policy releases to the environment "${environment}" from this commit on`);
  const refused = refusalOf(seen);
  if (refused !== undefined) return failed(refused);
  if (policy === undefined || production === undefined || pipelineDigest === undefined)
    return nothing('the policy of this commit releases nothing');
  if (production.branch !== release.branch)
    return nothing(`the policy releases the branch "${production.branch}"`);
  if (seen.rewound && resumed === undefined) return rewound(seen, newer);
  const chosen = seen.rewound
    ? 'feature'
    : classify(seen.sinceSettled, production.triggers, outputsOf(production));
  if (chosen === undefined && release.attempt === 1)
    return nothing('no file that production is made of has changed');
  // What was passed over, because it failed or was superseded, still decides on the class.
  const trigger =
    classify(seen.sinceReleased, production.triggers, outputsOf(production)) ?? chosen ?? 'maintenance';
  const plan = { production, limits: joinedLimits(Object.values(policy.metrics ?? {})), pipelineDigest };
  const training = {
    ...trainingNames({ ...release }, pipelineDigest),
    uploaded: undefined,
    serverRunId: undefined,
    state: undefined,
    finished: undefined,
    tasks: [],
    trouble: undefined,
  };
  const facts: ReleaseFacts = { trigger, plan, training };
  return { kind: 'go', to: 'upload', facts, note: `the trigger is "${trigger}"` };
}

/** What is wrong with policy or configuration: nothing was asked of the platform yet. */
function refusalOf({ policy, policyTrouble, bound, pipelineDigest }: PlanSeen): string | undefined {
  if (policy === undefined) return policyTrouble;
  const { production } = policy;
  if (production === undefined) return undefined;
  if (bound !== undefined && 'reason' in bound) return `${bound.reason}. ${bound.remedy}`;
  if (pipelineDigest === undefined)
    return `the policy names the pipeline ${production.pipeline}, which the commit does not have. Correct production.pipeline in .modelgate.yaml.`;
  if (production.model?.from === 'manifest' && !usesPlaceholder(production.parameters, 'manifest'))
    return 'the model is handed over by manifest, and no parameter of the run tells where to write it. Give a parameter the value "${manifest}" in production.parameters of .modelgate.yaml.';
  return undefined;
}

function rewound({ lastDeployed }: PlanSeen, newer: Sha | undefined): Next<never> {
  const reason = `the branch was moved: the commit that was released last (${shortSha(lastDeployed ?? '')}) is not in its history any more`;
  if (newer !== undefined) return makesWay(newer, reason);
  return {
    kind: 'hold',
    code: 'rewound',
    reason,
    remedy: 'Resume the release when the branch is as it should be.',
  };
}

function failed(reason: string): End {
  return { kind: 'end', outcome: 'failed', reason };
}

function nothing(reason: string): End {
  return { kind: 'end', outcome: 'nothing-to-release', reason };
}
