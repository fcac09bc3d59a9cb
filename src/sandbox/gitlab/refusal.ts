/** An API answer that is not a success; thrown by resources, sent by the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** 404 as the API words it: `404 Project Not Found`. */
export function notFound(what: string): Refusal {
  return new Refusal(404, { message: `404 ${what} Not Found` });
}

/** 401, without or with a wrong token. */
export function unauthorized(): Refusal {
  return new Refusal(401, { message: '401 Unauthorized' });
}

/** 403 for what the role does not allow. */
export function forbidden(reason?: string): Refusal {
  return new Refusal(403, { message: reason === undefined ? '403 Forbidden' : `403 Forbidden - ${reason}` });
}

/** 400 for a parameter, as the API's parameter check words it. */
export function badParameter(reason: string): Refusal {
  return new Refusal(400, { error: reason });
}

/** 400 for a record that does not validate. */
export function invalidRecord(message: string | Readonly<Record<string, readonly string[]>>): Refusal {
  return new Refusal(400, { message });
}
