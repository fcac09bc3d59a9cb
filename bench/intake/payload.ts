import hook from './merge-request-hook.json' with { type: 'json' };

/** A body with room for what differs between deliveries, so that thousands are made without building JSON. */
export interface BodyTemplate {
  /** The body of merge request `iid` (8 digits) with a head made of it. */
  body(iid: number): Buffer;
}

/** What stands in the file for the number and the head. */
const number = '99999999';
const head = 'f'.repeat(40);

/**
 * A Merge Request Hook as GitLab 18 sends it when somebody pushes, its description as long as it takes for `bytes`
 * bytes. `action`, `number` and `installation` on the top level are what GitHub's deliveries have: with them the same bytes are
 * a `pull_request` event to probot.
 */
export function createBodyTemplate(bytes: number): BodyTemplate {
  let description = prose(bytes - write('').length);
  // Line breaks and quotes take two bytes in JSON.
  while (write(description).length > bytes) description = description.slice(0, -1);
  const text = write(description);
  const template = Buffer.from(text);
  const places = { number: placesOf(text, number), head: placesOf(text, head) };
  return {
    body(iid) {
      const body = Buffer.from(template);
      for (const at of places.number) body.write(String(iid), at);
      for (const at of places.head) body.write(iid.toString(16).padStart(40, 'a'), at);
      return body;
    },
  };
}

function write(description: string): string {
  return JSON.stringify({ ...hook, object_attributes: { ...hook.object_attributes, description } });
}

function placesOf(text: string, part: string): readonly number[] {
  return [...text.matchAll(new RegExp(part, 'g'))].map(({ index }) => index);
}

const words = [
  'the model was trained again on cars of known horsepower only, see `data/auto-mpg.csv.dvc` and "notes"; rmse 3.21',
  'after 4 epochs\n- [x] data pushed\n- [ ] pipeline compiled: `kfp dsl compile`',
  'https://mlflow.example.com/#/experiments/7/runs/',
].flatMap((line) => line.split(' '));

/** Varied text, the same in every run. */
function prose(length: number): string {
  let state = 7;
  let text = '';
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const word = words[(state >> 8) % words.length] ?? '';
    text += `${word}${state % 5 === 0 ? (state % 9973).toString(36) : ''} `;
  }
  return text.slice(0, length);
}
