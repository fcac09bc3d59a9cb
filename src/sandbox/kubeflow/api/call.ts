/** A request that came in. */
export interface KubeflowRequest {
  readonly method: string;
  /** From the first slash on, encoded as it was sent, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; for an upload `{ uploadfile: <file name>, text }`; undefined without a body. */
  readonly body: unknown;
  /** 0 while it is not answered, and where no answer was sent. */
  readonly status: number;
}

/** A request that found its route. */
export interface Call {
  /** Decoded values of the route's `{names}`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Buffer;
}

/** What is answered; a text body is sent as it is. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation: `/apis/v2beta1/runs/{id}:terminate`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly pattern: string;
  /** `upload` operations refuse in their own words, also callers they do not know (specs kubeflow 3.1). */
  readonly style?: 'upload' | 'open';
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** 200 with a message; empty fields are left out, as proto JSON does. */
export function ok(message: Readonly<Record<string, unknown>>): Answer {
  return { status: 200, body: populated(message) };
}

/** A message without its empty fields. */
export function populated(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const filled = Object.entries(message).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(filled);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

/** A time as the server prints it: whole seconds. */
export function seconds(time: Date | undefined): string {
  const whole = time === undefined ? 0 : Math.floor(time.getTime() / 1000) * 1000;
  return new Date(whole).toISOString().replace('.000Z', 'Z');
}
