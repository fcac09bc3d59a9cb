import { RetryableError, UserError } from '../../errors.ts';
import { misconfigured, refused, stale } from './kept.ts';

/** What went wrong between us and a provider, for people; decided by the codes of OAuth and of the library. */
export function explainOidc(thrown: unknown, host: string): unknown {
  const ours = oursIn(thrown);
  if (ours !== undefined) return ours;
  const { error, code, said } = read(thrown);
  if (error !== undefined) return explainOAuth(error, host, said, thrown);
  switch (code) {
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return new RetryableError(`${host} answered in an unknown way [${code}]`, { cause: thrown });
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return misconfigured(
        `${host} calls itself by another address than the configuration does`,
        'Configure the host with the address that it has for its users.',
        { cause: thrown },
      );
    case undefined:
      return thrown;
    default:
      return misconfigured(
        `what ${host} answered cannot be trusted [${code}]`,
        'Compare the clocks of both servers, and look at the application that is registered there.',
        { cause: thrown },
      );
  }
}

/** An error of OAuth 2.0 (RFC 6749 4.1.2.1 and 5.2) or of GitHub. `said` is the provider's own sentence. */
export function explainOAuth(error: string, host: string, said: string, cause?: unknown): Error {
  const options = cause === undefined ? undefined : { cause };
  switch (error) {
    case 'access_denied':
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
      return refused(`${host} was told not to sign in`, options);
    case 'invalid_grant':
    case 'bad_verification_code':
      return stale(`${host} does not know this sign-in, or not any more`, options);
    case 'server_error':
    case 'temporarily_unavailable':
      return new RetryableError(`${host} cannot sign in at the moment`, options);
    default:
      return misconfigured(
        `${host} refuses to sign in: ${plain(error)}${said === '' ? '' : ` (${plain(said)})`}`,
        'Compare client id, client secret, scopes and redirect address with the application that is registered there.',
        options,
      );
  }
}

/** One line of printable text, for a log. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
}

/** One of our own errors, perhaps wrapped by the library. */
function oursIn(thrown: unknown, depth = 0): Error | undefined {
  if (thrown instanceof RetryableError || thrown instanceof UserError) return thrown;
  return thrown instanceof Error && depth < 5 ? oursIn(thrown.cause, depth + 1) : undefined;
}

function read(thrown: unknown): { readonly error?: string; readonly code?: string; readonly said: string } {
  if (!(thrown instanceof Error)) return { said: '' };
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(thrown, name);
    return typeof value === 'string' ? value : undefined;
  };
  const [error, code] = [text('error'), text('code')];
  return {
    ...(error !== undefined && { error }),
    ...(code !== undefined && { code }),
    said: text('error_description') ?? '',
  };
}
