import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { answerParent, type ChildServer } from '../../child/answer-parent.ts';

/** Serves on a free port and tells the parent where. */
export function listen(handle: RequestListener, path: string, more: Partial<ChildServer> = {}): void {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    answerParent({
      figures: more.figures ?? {},
      url: `http://127.0.0.1:${port}${path}`,
      stop: async () => {
        server.close();
        server.closeAllConnections();
        await more.stop?.();
      },
    });
  });
}
