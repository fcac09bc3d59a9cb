import { UserError } from '../../errors.ts';
import type { Html } from '../../report/html.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';

/** The page for a 503 because of a host that does not say what a visitor may do; undefined: it is other trouble. */
export function awayPage(thrown: unknown): Html | undefined {
  if (!(thrown instanceof UserError) || thrown.code !== 'host-away') return undefined;
  return renderMessagePage('Not available', `${thrown.message} ${thrown.remedy}`);
}
