/** Copies in Redis, through the client you have: `redis` (version 4 or newer) or `ioredis`. */

import type { Store } from "./store.js";

/** What both clients have, each under its own name. */
export type RedisClient =
  | { sendCommand(words: string[]): Promise<unknown> }
  | { call(command: string, ...words: string[]): Promise<unknown> };

export function redisStore(client: RedisClient): Store {
  const run = (...words: [string, ...string[]]) => ("call" in client ? client.call(...words) : client.sendCommand(words));
  return {
    get: (key) => run("GET", key) as Promise<string | null>,
    set: (key, text, maxAge) => run("SET", key, text, "PX", String(Math.max(Math.ceil(maxAge), 1))),
    delete: (key) => run("DEL", key),
  };
}
