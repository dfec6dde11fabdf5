// The SDK in the conformance suite; tests/clients/README.md is the protocol.

import { createInterface } from "node:readline";
import { createClient } from "redis";
import Butter from "../dist/index.js";
import { fileStore } from "../dist/file.js";
import { redisStore } from "../dist/redis.js";

const BEGIN = 1767225600000;
const OPTIONS = {
  base_urls: "baseUrl", timeout: "timeout", try_timeout: "tryTimeout", retries: "retries", backoff_base: "backoffBase",
  backoff_cap: "backoffCap", retry_budget: "retryBudget", retry_ratio: "retryRatio", cool_off: "coolOff",
  cool_off_cap: "coolOffCap", fresh: "fresh", stale_while_revalidate: "staleWhileRevalidate", stale_if_error: "staleIfError",
  store_timeout: "storeTimeout", preview: "preview",
};

let butter, redis, wall, monotonic, chance, notes;
let started = new Map();
let background = [];

const clock = {
  wall: () => wall,
  monotonic: () => monotonic,
  async pause(milliseconds) {
    notes.pauses.push(milliseconds);
    wall += milliseconds;
    monotonic += milliseconds;
  },
  random: () => chance,
};

const renamed = (options) =>
  Object.fromEntries(Object.entries(options).filter(([name]) => OPTIONS[name]).map(([name, value]) => [OPTIONS[name], value]));

function storeFor(place) {
  if (!place) return place;
  if (place.file) return fileStore(place.file);
  // Without a queue a command fails when Redis is gone, instead of waiting for it.
  redis = createClient({ url: place.redis, disableOfflineQueue: true });
  redis.on("error", () => {});
  const connected = redis.connect().catch(() => {});
  const store = redisStore(redis);
  return {
    get: async (key) => (await connected, store.get(key)),
    set: async (key, text, age) => (await connected, store.set(key, text, age)),
    delete: async (key) => (await connected, store.delete(key)),
  };
}

/** The methods that write take a body where the others take the query. */
const WRITES = /\.(create|update|delete)$/;

async function outcomeOf({ method, args = [], params = {}, options = {} }, signal) {
  const [resource, verb] = method.split(".");
  const call = { ...renamed(options), signal };
  try {
    const answer = await butter[resource][verb](...args, ...(WRITES.test(method) ? [call] : [params, call]));
    return { body: answer.data, stale: answer.stale };
  } catch (error) {
    if (!error.kind) throw error;
    const { kind, status = null, detail = null, tries, data = null, message } = error;
    return { error: kind, status, detail, tries, body: data, message };
  }
}

function begin(message) {
  const abort = new AbortController();
  const calls = Array.from({ length: message.times ?? 1 }, () => outcomeOf(message, abort.signal));
  return { abort, outcomes: Promise.all(calls) };
}

const operations = {
  async reset({ random }) {
    await operations.close();
    [wall, monotonic, chance] = [BEGIN, 0, random];
    notes = { log: [], pauses: [], stale: [] };
    started = new Map();
  },
  open({ options }) {
    butter = Butter(options.token, {
      ...renamed(options),
      store: storeFor(options.store),
      clock,
      waitUntil: (work) => background.push(work),
      onLog: (event, details) => notes.log.push({ event, ...details }),
      onStale: ({ reason, age, question }) => notes.stale.push({ reason, age, question }),
    });
  },
  async close() {
    redis?.destroy();
    redis = butter = undefined;
  },
  call: async (message) => ({ outcomes: await begin(message).outcomes }),
  start(message) {
    started.set(message.name, begin(message));
  },
  cancel: ({ name }) => started.get(name).abort.abort(),
  wait: async ({ name }) => ({ outcomes: await started.get(name).outcomes }),
  advance({ ms }) {
    wall += ms;
    monotonic += ms;
  },
  jump({ ms }) {
    wall += ms;
  },
  async settle() {
    await Promise.all(background.splice(0));
  },
  events() {
    const seen = notes;
    notes = { log: [], pauses: [], stale: [] };
    return seen;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  let answer;
  try {
    answer = (await operations[message.op](message)) ?? {};
  } catch (error) {
    answer = { failed: String(error.stack) };
  }
  console.log(JSON.stringify({ id: message.id, ...answer }));
}
process.exit(0);
