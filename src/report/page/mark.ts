import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import type { Outcome } from './verdict-words.ts';

const shapes: Readonly<Record<Outcome['tone'], Html>> = {
  passed: markup`<path d="M4.5 8.3 7 10.8l4.6-5.3"/>`,
  failed: markup`<path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6"/>`,
  undecided: markup`<path d="M6 6.2a2 2 0 1 1 2.8 1.9q-.8.4-.8 1.2M8 11.4v.1"/>`,
  waiting: markup`<path d="M6.3 5.3v5.4m3.4-5.4v5.4"/>`,
  running: markup`<path d="M8 4.4V8l2.4 1.6"/>`,
  ended: markup`<path d="M5 8h6"/>`,
};

/** A state as a mark and a word: the mark is for the eye alone. */
export function stateMark({ tone, word }: Pick<Outcome, 'tone' | 'word'>): Html {
  return markup`<span class="state ${tone}"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><circle cx="8" cy="8" r="8"/>${shapes[tone]}</svg>${word}</span>`;
}
