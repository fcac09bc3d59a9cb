import type { Annotation } from '../../domain/annotation.ts';
import type { DeploymentStatus, ShownState, Status } from '../../ports/host.ts';
import type { CheckRun, CommitStatus } from './answers.ts';
import { cutBytes, cutText } from './cut-text.ts';
import { retestAction } from './status-name.ts';

/** What a check run is to say, in GitHub's words and within its limits (specs git-hosts 3.1). */
export interface CheckWords {
  /** undefined: it runs. */
  readonly conclusion: 'success' | 'failure' | 'action_required' | 'cancelled' | undefined;
  readonly title: string;
  readonly summary: string;
  readonly url: string;
  /** The evaluation; '' stands for none. */
  readonly externalId: string;
  readonly annotations: readonly Readonly<Record<string, string | number>>[];
}

/** What a commit status is to say (specs git-hosts 3.2). */
export interface StatusWords {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description: string;
  readonly url: string;
}

/** What a status of a deployment is to say, in GitHub's fields (specs git-hosts 3.3). */
export interface DeploymentWords {
  readonly state: 'in_progress' | 'success' | 'failure' | 'inactive';
  readonly description: string;
  readonly log_url?: string;
  readonly environment_url?: string;
}

const longestTitle = 255;
const longestSummary = 65_535;
const longestMessage = 64 * 1024;
const longestDescription = 140;

const conclusions: Readonly<Record<Status['state'], CheckWords['conclusion']>> = {
  running: undefined,
  success: 'success',
  failure: 'failure',
  'action-required': 'action_required',
  cancelled: 'cancelled',
};

const states: Readonly<Record<Status['state'], StatusWords['state']>> = {
  running: 'pending',
  success: 'success',
  failure: 'failure',
  'action-required': 'failure',
  cancelled: 'error',
};

/** The button beside a check that has ended. */
export const actions = [
  { label: 'Judge again', description: 'Judge the head afresh', identifier: retestAction },
] as const;

/** A status as a check run. */
export function toCheckWords(status: Status): CheckWords {
  const { state, description, url, evaluation = '', details } = status;
  return {
    conclusion: conclusions[state],
    title: cutText(oneLine(description), longestTitle),
    summary: cutBytes(details?.summary ?? description, longestSummary),
    url,
    externalId: evaluation,
    annotations: (details?.annotations ?? []).map(toFields),
  };
}

/** A status as a commit status; GitHub has no state for "cancelled": that is an error, which blocks as well. */
export function toStatusWords({ state, description, url }: Status): StatusWords {
  return { state: states[state], description: cutText(oneLine(description), longestDescription), url };
}

const deploymentStates: Readonly<Record<DeploymentStatus['state'], DeploymentWords['state']>> = {
  running: 'in_progress',
  success: 'success',
  failure: 'failure',
  cancelled: 'inactive',
};

/** A release as the status of a deployment; one that was called off is none that is there, and no error either. */
export function toDeploymentWords(status: DeploymentStatus): DeploymentWords {
  const { state, description, url, environmentUrl = '' } = status;
  return {
    state: deploymentStates[state],
    description: cutText(oneLine(description), longestDescription),
    ...(url !== '' && { log_url: url }),
    ...(environmentUrl !== '' && { environment_url: environmentUrl }),
  };
}

/** What a check of ours says; what GitHub or people made of it blocks nothing and is no success. */
export function shownByCheck({ status, conclusion }: CheckRun): ShownState {
  if (status !== 'completed') return 'running';
  if (conclusion === 'success') return 'success';
  return conclusion === 'cancelled' || conclusion === 'stale' ? 'cancelled' : 'failure';
}

/** What a commit status of ours says. */
export function shownByStatus({ state }: CommitStatus): ShownState {
  if (state === 'pending') return 'running';
  if (state === 'success') return 'success';
  return state === 'error' ? 'cancelled' : 'failure';
}

function toFields(annotation: Annotation): Readonly<Record<string, string | number>> {
  const { path, startLine, endLine, columns, level, title, message } = annotation;
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    ...(columns !== undefined && { start_column: columns.start, end_column: columns.end }),
    annotation_level: level,
    title: cutText(oneLine(title), longestTitle),
    message: cutBytes(message, longestMessage),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
