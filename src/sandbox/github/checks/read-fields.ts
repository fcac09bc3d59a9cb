import type { Json } from '../api/call.ts';
import {
  choiceParam,
  integerParam,
  listParam,
  objectParam,
  requiredText,
  textParam,
  timeParam,
} from '../api/params.ts';
import { invalidRequest } from '../refusal.ts';
import type { Annotation, CheckAction, CheckRun, Conclusion } from '../state-checks.ts';

/** What a request says of a check run; undefined: not mentioned. */
export interface RunFields {
  readonly name: string | undefined;
  readonly status: CheckRun['status'] | undefined;
  readonly conclusion: Conclusion | undefined;
  readonly externalId: string | undefined;
  readonly detailsUrl: string | undefined;
  readonly startedAt: Date | undefined;
  readonly completedAt: Date | undefined;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly text: string | undefined;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckAction[] | undefined;
}

const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const;
const maxText = 65_535;
const maxAnnotations = 50;
const maxMessageBytes = 64 * 1024;

/** Reads and limits the fields of a request (specs git-hosts 3.1). @throws Refusal 422. */
export function readRunFields(params: Json, kind: 'create' | 'update'): RunFields {
  const conclusion = choiceParam(params, 'conclusion', conclusions);
  const status = choiceParam(params, 'status', ['queued', 'in_progress', 'completed']);
  const completedAt = timeParam(params, 'completed_at');
  if (conclusion === undefined && (status === 'completed' || completedAt !== undefined))
    throw invalidRequest('"conclusion" wasn\'t supplied.');
  const output = objectParam(params, 'output');
  const actions = listParam(params, 'actions', 3);
  return {
    name: kind === 'create' ? requiredText(params, 'name') : textParam(params, 'name'),
    status: conclusion === undefined ? status : 'completed',
    conclusion,
    externalId: textParam(params, 'external_id'),
    detailsUrl: webAddress(textParam(params, 'details_url')),
    startedAt: timeParam(params, 'started_at'),
    completedAt,
    ...(output === undefined ? noOutput : readOutput(output, kind)),
    actions: actions?.map(readAction),
  };
}

const noOutput = { title: undefined, summary: undefined, text: undefined, annotations: [] } as const;

function readOutput(
  output: Json,
  kind: 'create' | 'update',
): Pick<RunFields, 'title' | 'summary' | 'text' | 'annotations'> {
  return {
    title: kind === 'create' ? requiredText(output, 'title') : textParam(output, 'title'),
    summary: requiredText(output, 'summary', maxText),
    text: textParam(output, 'text', maxText),
    annotations: (listParam(output, 'annotations', maxAnnotations) ?? []).map(readAnnotation),
  };
}

function readAnnotation(item: Json): Annotation {
  const startLine = lineOf(item, 'start_line');
  const endLine = lineOf(item, 'end_line');
  const startColumn = integerParam(item, 'start_column');
  const endColumn = integerParam(item, 'end_column');
  const path = requiredText(item, 'path');
  const level = choiceParam(item, 'annotation_level', ['notice', 'warning', 'failure']);
  if (level === undefined) throw invalidRequest('"annotation_level" wasn\'t supplied.');
  if (path === '' || path.startsWith('/') || path.split('/').includes('..'))
    throw invalidRequest(`For 'path', ${path} is not relative to the root of the repository.`);
  if (endLine < startLine) throw invalidRequest("'end_line' is before 'start_line'.");
  if (startLine !== endLine && (startColumn !== undefined || endColumn !== undefined))
    throw invalidRequest('Annotations only support columns on the same line.');
  return {
    path,
    startLine,
    endLine,
    startColumn,
    endColumn,
    level,
    title: textParam(item, 'title', 255),
    message: withinBytes(requiredText(item, 'message'), 'message') ?? '',
    rawDetails: withinBytes(textParam(item, 'raw_details'), 'raw_details'),
  };
}

function lineOf(item: Json, name: string): number {
  const line = integerParam(item, name);
  if (line === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  if (line < 1) throw invalidRequest(`For '${name}', ${line} is not a line.`);
  return line;
}

function withinBytes(text: string | undefined, name: string): string | undefined {
  if (text !== undefined && Buffer.byteLength(text) > maxMessageBytes)
    throw invalidRequest(`For '${name}', it is too long (maximum is 64 KB).`);
  return text;
}

function webAddress(text: string | undefined): string | undefined {
  if (text !== undefined && !/^https?:\/\//.test(text))
    throw invalidRequest(`For 'details_url', ${text} is not an http or https address.`);
  return text;
}

function readAction(item: Json): CheckAction {
  return {
    label: requiredText(item, 'label', 20),
    description: requiredText(item, 'description', 40),
    identifier: requiredText(item, 'identifier', 20),
  };
}
