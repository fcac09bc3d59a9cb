import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Subject } from '../../domain/subject.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import type { Access, Visitor } from '../access/visitor.ts';
import { sendPage } from './send-page.ts';

type Show<Request> = (request: Request, reply: FastifyReply, visitor: Visitor) => Promise<FastifyReply>;

/** A handler for those who may see pages at all. */
export function forVisitors<Request extends FastifyRequest>(
  access: Access,
  show: Show<Request>,
): (request: Request, reply: FastifyReply) => Promise<FastifyReply> {
  return async (request, reply) => {
    const visitor = await access.visitorOf(request, reply);
    return visitor === undefined ? reply : show(request, reply, visitor);
  };
}

/** Whether a browser asks for something to show, rather than a script for something to use. */
export function opensPage({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

/** Whether the visitor may read what the subject is in. */
export function mayRead(
  visitor: Visitor,
  { host, repositoryId }: Pick<Subject, 'host' | 'repositoryId'>,
): Promise<boolean> {
  return visitor.mayRead({ host, id: repositoryId });
}

/** Whether to offer actions. A host that cannot be asked at the moment is no reason to show no page. */
export async function mayAct(
  visitor: Visitor,
  { host, repositoryId }: Pick<Subject, 'host' | 'repositoryId'>,
): Promise<boolean> {
  try {
    return await visitor.mayAct({ host, id: repositoryId });
  } catch {
    return false;
  }
}

/** Says the same of what is not there and of what the visitor may not read. */
export function sendNotFound(reply: FastifyReply): FastifyReply {
  const words =
    'There is no such run, release or change, or you may not read its repository. Runs are kept for 30 days, releases for 180.';
  return sendPage(reply, 404, renderMessagePage('Not found', words));
}
