import type { FastifyReply, FastifyRequest } from 'fastify';

/** A repository as records name it. */
export interface RepositoryId {
  readonly host: string;
  readonly id: string;
}

/** Somebody whom the pages are shown to. */
export interface Visitor {
  /** For people and for the audit: `alice at corp`, `ops`. */
  readonly name: string;
  /** Whether they run this installation: they see everything and may act on what concerns no single repository. */
  readonly operator: boolean;
  /** Whether they signed in here, so that `POST /sign-out` ends it. */
  readonly signedIn?: boolean;
  /** Whether the host lets them read the repository; asked at most once a minute. @throws UserError `host-away`. */
  mayRead(repository: RepositoryId): Promise<boolean>;
  /** Whether the host lets them push to the repository. @throws UserError `host-away`. */
  mayAct(repository: RepositoryId): Promise<boolean>;
}

/** Finds out who asks. */
export interface Access {
  /** Who asks for a page; undefined: the reply was sent (sign in, not found). */
  visitorOf(request: FastifyRequest, reply: FastifyReply): Promise<Visitor | undefined>;
  /** Who asks for an action, by a POST from our own pages; undefined: the reply was sent. */
  actorOf(request: FastifyRequest, reply: FastifyReply): Promise<Visitor | undefined>;
}
