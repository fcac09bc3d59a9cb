const documentation = 'https://docs.github.com/rest';

/** An API answer that is not a success; thrown by resources, sent by the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = { ...body, documentation_url: documentation, status: String(status) };
    this.headers = headers;
  }
}

/** 404: not there, or not for these eyes. */
export function notFound(): Refusal {
  return new Refusal(404, { message: 'Not Found' });
}

/** 401 for a token that is unknown, revoked or expired. */
export function badCredentials(message = 'Bad credentials'): Refusal {
  return new Refusal(401, { message });
}

/** 403 for what the token or the role does not allow. */
export function forbidden(message: string): Refusal {
  return new Refusal(403, { message });
}

/** 422 in the words of the request check. */
export function invalidRequest(reason: string): Refusal {
  return new Refusal(422, { message: `Invalid request.\n\n${reason}` });
}

/** One thing wrong with a record. */
export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message?: string;
}

/** 422 for a record that does not validate. */
export function validationFailed(error: FieldError): Refusal {
  return new Refusal(422, { message: 'Validation Failed', errors: [error] });
}
