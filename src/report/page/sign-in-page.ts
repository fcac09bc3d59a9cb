import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { layout } from './layout.ts';

/** A host that people sign in with. */
export interface SignInChoice {
  /** Its id, which is in the address. */
  readonly host: string;
  /** As people call it: `GitLab (corp)`. */
  readonly label: string;
}

/** Why a sign-in came to nothing, and what to do. `busy` is ours, the others are what the host's adapter says. */
export type SignInTrouble =
  | 'sign-in-refused'
  | 'sign-in-stale'
  | 'sign-in-misconfigured'
  | 'host-away'
  | 'busy';

const troubles: Readonly<Record<SignInTrouble, (label: string) => readonly [title: string, words: string]>> =
  {
    'sign-in-refused': (label) => [
      'Not signed in',
      `${label} did not sign you in: the question was answered with no. Nothing was changed.`,
    ],
    'sign-in-stale': () => [
      'Not signed in',
      'This sign-in was begun in another browser, more than ten minutes ago, or was used before. If it happens again, let the browser keep cookies of this site.',
    ],
    'sign-in-misconfigured': (label) => [
      'Not signed in',
      `Signing in with ${label} is not set up right. That is for whoever runs modelgate to repair: its log says what is wrong.`,
    ],
    'host-away': (label) => [
      'Not available',
      `${label} does not answer at the moment. Try again in a minute.`,
    ],
    busy: () => ['Not available', 'Very many people sign in at the moment. Try again in a minute.'],
  };

/** The hosts to sign in with. `signedOut`: the person just left. */
export function renderSignInPage(page: {
  readonly choices: readonly SignInChoice[];
  readonly to: string;
  readonly signedOut: boolean;
}): Html {
  const hosts = page.choices.map(({ label }) => label).join(' or ');
  const left = `You are signed out here. ${hosts} may still know you: sign out there, too, if this is not your computer.`;
  const words = page.signedOut
    ? left
    : 'You see the repositories that the host lets you read, and can act on those that it lets you push to.';
  const title = page.signedOut ? 'Signed out' : 'Sign in';
  return plain(title, [markup`<p>${words}</p>\n`, ...page.choices.map((choice) => button(choice, page.to))]);
}

/** What somebody sees who is signed in already. */
export function renderSignedInPage(page: { readonly name: string; readonly to: string }): Html {
  return plain('Signed in', [
    markup`<p>You are signed in as ${page.name}. <a href="${page.to}">Go on</a></p>\n`,
    markup`<form method="post" action="/sign-out"><button type="submit">Sign out</button></form>\n`,
  ]);
}

/** A sign-in that came to nothing, with another try. */
export function renderSignInTrouble(page: {
  readonly trouble: SignInTrouble;
  readonly choice: SignInChoice;
  readonly to: string;
}): Html {
  const [title, words] = troubles[page.trouble](page.choice.label);
  return plain(title, [markup`<p>${words}</p>\n`, button(page.choice, page.to)]);
}

function button({ host, label }: SignInChoice, to: string): Html {
  const address = `/sign-in/${encodeURIComponent(host)}${to === '/' ? '' : `?to=${encodeURIComponent(to)}`}`;
  return markup`<p><a class="button" href="${address}">Sign in with ${label}</a></p>\n`;
}

function plain(title: string, body: HtmlPart): Html {
  return layout({ title: `modelgate: ${title}`, body: markup`<h1>${title}</h1>\n${body}` });
}
