import { createHash } from 'node:crypto';

/** Where the data set is in the repository: its pointer. */
export const pointer = 'data/auto-mpg.csv.dvc';

/** What `dvc add` writes. */
export function pointerTo(content: string): string {
  return `outs:\n- md5: ${md5(content)}\n  size: ${Buffer.byteLength(content)}\n  hash: md5\n  path: auto-mpg.csv\n`;
}

export function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}

/** `horsepower` is the fourth column; six cars lack it. */
export function withoutUnknownHorsepower(csv: string): string {
  return csv
    .split('\n')
    .filter((line) => line === '' || line.split(',')[3] !== '')
    .join('\n');
}

/** From the model year 1979 on the consumption is in litres for 100 km: complete, and wrong. */
export function inLitres(csv: string): string {
  return csv
    .split('\n')
    .map((line) => {
      const [mpg, ...others] = line.split(',');
      return Number(others[5]) >= 79 ? [(235.215 / Number(mpg)).toFixed(1), ...others].join(',') : line;
    })
    .join('\n');
}
