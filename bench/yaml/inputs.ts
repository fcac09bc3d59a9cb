import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A text to parse. */
export interface Input {
  readonly name: string;
  readonly text: string;
}

/** A `dvc.lock` of about a megabyte, a flat map of `mapBytes`, and a pipeline. */
export async function readInputs(mapBytes: number): Promise<readonly Input[]> {
  const real = await readIfThere('../../../shared/corpora/dvc/mdocean/dvc.lock');
  const lock = real ?? lockFile(1_087_348);
  const pipeline = await readIfThere('../../examples/auto-mpg/repository/pipelines/production-pipeline.yaml');
  return [
    { name: `dvc.lock ${kilobytes(lock)}${real === undefined ? ' generated' : ''}`, text: lock },
    ...[flatMap(mapBytes)].map((text) => ({ name: `map ${kilobytes(text)}`, text })),
    ...(pipeline === undefined ? [] : [{ name: `pipeline ${kilobytes(pipeline)}`, text: pipeline }]),
  ];
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8').catch(() => undefined);
}

function lockFile(bytes: number): string {
  const parts = [`schema: '2.0'\nstages:\n`];
  let length = 0;
  for (let index = 0; length < bytes; index += 1) {
    const entry = (kind: string): string =>
      `    - path: ${kind}/part-${index}.csv\n      hash: md5\n      md5: ${md5(`${kind}${index}`)}\n      size: ${index}\n`;
    const stage = `  stage-${index}:\n    cmd: python src/stage.py --part ${index}\n    deps:\n${entry('data')}    outs:\n${entry('out')}`;
    parts.push(stage);
    length += stage.length;
  }
  return parts.join('');
}

function flatMap(bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; length < bytes; index += 1) {
    const line = `key-${index}: ${md5(String(index))}\n`;
    parts.push(line);
    length += line.length;
  }
  return parts.join('');
}

function kilobytes(text: string): string {
  return `${Math.round(text.length / 1000)} KB`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
