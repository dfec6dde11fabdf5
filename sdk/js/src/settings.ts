import { type Clock, realClock } from "./clock.js";
import type { LarderError } from "./errors.js";
import { memoryStore, type Store } from "./store.js";

export type Log = (event: string, details: Record<string, unknown>) => void;

/** What `onStale` is told. */
export interface Stale {
  reason: "revalidate" | "error";
  /** Milliseconds. */
  age: number;
  /** Path and query, without the token. */
  question: string;
  error?: LarderError;
}

/** What a call is told about a request by the hooks of the official SDK. */
export interface HookConfig {
  options: Record<string, any>;
  params: Record<string, any>;
  type: string;
  headers?: Headers;
  cancelRequest?: () => void;
}

/** All times are milliseconds. docs/clients/behaviour.md says exactly what each does. */
export interface Options {
  /** The server, or the primary and its standbys. Without it `LARDER_URL` of the environment is taken. */
  baseUrl?: string | readonly string[];
  /** The whole call, pauses included. Default 10,000. */
  timeout?: number;
  /** One request, from its first byte out to its last byte in. Default 3,000. */
  tryTimeout?: number;
  /** Tries after the first. Default 3. */
  retries?: number;
  backoffBase?: number;
  backoffCap?: number;
  /** Retries in stock at most. Default 10. */
  retryBudget?: number;
  /** What a call adds to them. Default 0.1. */
  retryRatio?: number;
  coolOff?: number;
  coolOffCap?: number;
  /** How long a copy is as good as an answer. Default 0: the server is always asked. */
  fresh?: number;
  /** How long after that a copy is returned while it is renewed. Default 0. */
  staleWhileRevalidate?: number;
  /** How old a copy may be when servers fail. Default 7 days. */
  staleIfError?: number;
  /** `null` for none. Default: memory. */
  store?: Store | null;
  storeTimeout?: number;
  /** Is given what goes on after an answer, for runtimes that stop otherwise: `(work) => context.waitUntil(work)`. */
  waitUntil?: ((work: Promise<unknown>) => void) | null;
  /** Asks for drafts in every call. */
  preview?: boolean;
  onLog?: Log | null;
  onStale?: ((stale: Stale) => void) | null;
  /** Of the official SDK: may change `headers` and `params` by returning them. */
  onRequest?: ((url: string, config: HookConfig) => any) | null;
  onResponse?: ((response: Response, config: HookConfig) => any) | null;
  onError?: ((error: any, config: any) => any) | null;
  /** As `preview`, and adds `test=1`. */
  testMode?: boolean;
  /** The `cache` of `fetch`. */
  cache?: RequestCache;
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch;
  /** For tests. */
  clock?: Clock;
}

/** Of one call; over the client's. */
export interface CallOptions {
  signal?: AbortSignal;
  timeout?: number;
  tryTimeout?: number;
  retries?: number;
}

type Given = "waitUntil" | "onLog" | "onStale" | "onRequest" | "onResponse" | "onError" | "cache" | "baseUrl" | "fetch";
export type Settings = Required<Omit<Options, Given>> & Pick<Options, Given>;

export const settingsFrom = (options: Options): Settings => ({
  timeout: 10_000,
  tryTimeout: 3_000,
  retries: 3,
  backoffBase: 100,
  backoffCap: 2_000,
  retryBudget: 10,
  retryRatio: 0.1,
  coolOff: 1_000,
  coolOffCap: 30_000,
  fresh: 0,
  staleWhileRevalidate: 0,
  staleIfError: 604_800_000,
  store: memoryStore(),
  storeTimeout: 250,
  preview: false,
  testMode: false,
  clock: realClock,
  // An option that is there and undefined leaves the default.
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
});
