/** gRPC codes that the server uses, with the HTTP status the gateway makes of them (specs kubeflow 3.7). */
const statusOf = {
  2: 500,
  3: 400,
  5: 404,
  6: 409,
  9: 400,
  10: 409,
  13: 500,
  14: 503,
  16: 401,
} as const;

/** A gRPC code. */
export type Code = keyof typeof statusOf;

/** An answer that is not a success; thrown by operations, sent by the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: Code;
  /** The text for users; the message holds the chain in front of it. */
  readonly external: string | undefined;

  constructor(code: Code, chain: string, external?: string) {
    super(chain);
    this.code = code;
    this.external = external;
  }

  /** HTTP status. */
  get status(): number {
    return statusOf[this.code];
  }
}

/** The gateway's error body; the nested text is the one for users. */
export function envelope(refusal: Refusal): Readonly<Record<string, unknown>> {
  const { code, message, external } = refusal;
  if (external === undefined) return { code, message };
  const nested = { '@type': 'type.googleapis.com/google.rpc.Status', code, message: external };
  return { code, message, details: [nested] };
}

/** 400: an argument is wrong. */
export function invalid(message: string): Refusal {
  return new Refusal(3, `Invalid input error: ${message}`, message);
}

/** 400: the JSON is not the message; the gateway's own refusal, which has no details. */
export function malformed(message: string): Refusal {
  return new Refusal(3, `proto: ${message}`);
}

/** 404. */
export function notFound(kind: string, name: string): Refusal {
  const message = `${kind} ${name} not found`;
  return new Refusal(5, `ResourceNotFoundError: ${message}`, message);
}

/** 409: the name is taken. */
export function alreadyExists(message: string): Refusal {
  return new Refusal(6, `Already exist error: ${message}`, message);
}

/** 409 as well: "bad request", which is not about names. */
export function badRequest(message: string, cause: string): Refusal {
  return new Refusal(10, `BadRequestError: ${message}: ${cause}`, message);
}

/** 500: users read no more than "Internal Server Error", the chain says why. */
export function internal(message: string, cause: string): Refusal {
  return new Refusal(13, `InternalServerError: ${message}: ${cause}`, 'Internal Server Error');
}

/** 401. */
export function unauthenticated(): Refusal {
  const message = 'Request header error: there is no user identity header.';
  return new Refusal(16, `Unauthenticated: ${message}: Failed to authorize the request`, message);
}

/** Puts a text in front of the chain, as each layer of the server does. */
export function wrap(refusal: Refusal, message: string): Refusal {
  return new Refusal(refusal.code, `${message}: ${refusal.message}`, refusal.external);
}

/** Runs a part of the server under the text of its layer. */
export function within<T>(message: string, part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw error instanceof Refusal ? wrap(error, message) : error;
  }
}
