import { startPrivateRedis } from '../adapters/redis/private-redis.ts';
import { UserError } from '../errors.ts';
import type { Foundation } from './foundation.ts';

/** Where Redis is, and how to let go of it. */
export interface RedisPlace {
  readonly url: string;
  /** It is a private server, which forgets everything on purpose. */
  readonly isPrivate: boolean;
  /** Ends a private server; does nothing to one that is not ours. */
  release(): Promise<void>;
}

/** The configured Redis. @throws UserError `redis-missing` where there is none. */
export function configuredRedis({ config }: Foundation): RedisPlace {
  if (config.redis.url === undefined) {
    throw new UserError(
      'redis-missing',
      'there is no Redis: redis.url is not set',
      'Set REDIS_URL, or redis.url in the configuration; `modelgate serve --with-worker` brings a private one for trying out.',
    );
  }
  return { url: config.redis.url, isPrivate: false, release: () => Promise.resolve() };
}

/** The configured Redis, or a private one that forgets everything when we end. */
export async function configuredOrPrivateRedis(foundation: Foundation): Promise<RedisPlace> {
  if (foundation.config.redis.url !== undefined) return configuredRedis(foundation);
  const { env } = foundation.surroundings;
  const redis = await startPrivateRedis({
    binary: env['MODELGATE_REDIS_SERVER'],
    searchPath: env['PATH'] ?? '',
  });
  foundation.secrets.add(redis.password);
  foundation.log.warn(
    { pid: redis.pid },
    'a private redis was started; it forgets everything when this process ends',
  );
  return { url: redis.url, isPrivate: true, release: () => redis.stop() };
}
