import type { FaultRule } from '../../../src/sandbox/faults.ts';
import type { GitFault, GitRequest } from '../../../src/sandbox/git-faults.ts';
import type { RequestKind, StoryFault } from './story-host.ts';

/** A fault as git over HTTP can have it. */
export function gitFaultOf(fault: StoryFault): GitFault {
  if (fault.kind === 'broken') return { kind: 'status', status: fault.status === 502 ? 500 : fault.status };
  if (fault.kind === 'busy') return { kind: 'status', status: 429 };
  return { kind: fault.kind === 'hang' ? 'hang' : 'drop' };
}

/** What every stand-in lets be heard. */
interface Heard<Request> {
  observe(listener: (request: Request) => void): () => void;
  failGit(rule: FaultRule<GitRequest, GitFault>): () => void;
}

/** Hears of requests to the API once they are answered, and of git's when they come. */
export function observing<Request>(
  sandbox: Heard<Request>,
  kindOf: (request: Request) => RequestKind,
  listener: (kind: RequestKind) => void,
): () => void {
  const ends = [
    sandbox.observe((request) => listener(kindOf(request))),
    // Git's requests pass here on their way; none of them goes wrong.
    sandbox.failGit({ when: () => (listener('git'), false), fault: { kind: 'drop' } }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
