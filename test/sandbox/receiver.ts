import { headerRecord, listenOnLoopback, readBody } from '../../src/sandbox/loopback.ts';

/** A delivery as it came in. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any
}

/** A webhook receiver; `status` 0 never answers. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  answer(status: number): void;
  close(): Promise<void>;
}

/** Answers 202 until told otherwise. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let status = 202;
  const server = await listenOnLoopback((request, response) => {
    void readBody(request, 1e8).then((bytes) => {
      const text = String(bytes);
      received.push({ headers: headerRecord(request), text, body: JSON.parse(text) });
      if (status > 0) response.writeHead(status).end();
    });
  });
  return {
    url: `${server.url}/webhooks/here`,
    received,
    answer: (next) => void (status = next),
    close: () => server.close(),
  };
}
