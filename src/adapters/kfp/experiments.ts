import { z } from 'zod';
import { RetryableError } from '../../errors.ts';
import { findNamed, pathOf } from './find-named.ts';
import { answerOf, jsonBody, readAnswer, type Line } from './send.ts';

const Experiment = z.object({ experiment_id: z.string().min(1), display_name: z.string().nullish() });

/** The id of the experiment of a name, made where there is none. */
export async function ensureExperiment(
  line: Line,
  name: string,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const known = await find(line, name, namespace, signal);
  if (known !== undefined) return known;
  const path = pathOf('experiments');
  const body = jsonBody({
    display_name: name,
    description: 'Production runs, made by modelgate.',
    namespace,
  });
  const got = await line.ask({ method: 'POST', path, body }, signal);
  if (got.kind !== 'exists')
    return readAnswer(line, Experiment, answerOf(got), 'an experiment').experiment_id;
  const found = await find(line, name, namespace, signal);
  if (found !== undefined) return found;
  throw new RetryableError(`${line.host} says that there is an experiment ${name}, and does not show it`);
}

async function find(
  line: Line,
  name: string,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const list = {
    path: pathOf('experiments'),
    field: 'experiments',
    row: Experiment,
    query: { namespace },
  } as const;
  const rows = await findNamed(line, { ...list, key: 'display_name', value: name }, signal);
  return rows.find((row) => row.display_name === name)?.experiment_id;
}
