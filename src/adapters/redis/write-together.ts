import type { Redis } from 'ioredis';

/**
 * Sends the commands of one turn of the event loop in one piece: many small writes cost more than the commands
 * themselves. Nothing waits longer than that turn, and the order stays. ioredis' own auto-pipelining does the same and
 * costs more than it saves here (bench/README.md).
 */
export function writeTogether(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    if (redis.status === 'ready') holdUntilNextTurn(redis.stream);
    return send(command, stream);
  };
}

function holdUntilNextTurn(stream: Redis['stream']): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}
