import { type Copy, Copies, jsonObject } from "./copies.js";
import { errorOf, isIll, LarderError } from "./errors.js";
import { cancelled, Flights } from "./flights.js";
import { hashOf, isOn, type Params, pathOf, queryOf } from "./question.js";
import { choose, recover, rest, retryAfter, type Server, serverAt } from "./servers.js";
import { type CallOptions, type HookConfig, type Log, type Options, type Settings, settingsFrom, type Stale } from "./settings.js";

declare const VERSION: string;

/** An answer whose body is known to be a JSON object. */
interface Answer {
  text: string;
  status: number;
  statusText: string;
  headers: Record<string, string>;
  stale: boolean;
}

/** What the hooks of the official SDK are told, and what they gave to add. */
interface Hooked {
  config: HookConfig;
  headers: Record<string, string>;
}

interface Question {
  /** Path and query below `/v2`, without the token. */
  text: string;
  /** In the store; undefined for previews, which have no copies. */
  key: string | undefined;
  limits: { timeout: number; tryTimeout: number; retries: number };
  hooked: Hooked;
}

// Browsers ask first before they send a header of ours; they keep and compare answers themselves.
const HEADERS: Record<string, string> =
  typeof document === "undefined" ? { "X-Butter-Client": `larder-js/${VERSION}` } : {};

export class Client {
  private settings: Settings;
  private servers: Server[];
  private copies: Copies;
  private flights = new Flights<Answer>();
  private renewals = new Flights<Answer>();
  private budget: number;
  private prefix: string;

  constructor(private token: string, options: Options) {
    this.settings = settingsFrom(options);
    const given = options.baseUrl ?? (globalThis as any).process?.env?.LARDER_URL?.split(",") ?? [];
    this.servers = [given].flat().map(serverAt);
    if (!this.servers.length) throw new Error("larder's address is not set: give the option baseUrl or set LARDER_URL");
    this.copies = new Copies(this.settings, this.log);
    this.budget = this.settings.retryBudget;
    this.prefix = `larder:1:${hashOf(token)}:`;
  }

  private log: Log = (event, details) => this.settings.onLog?.(event, details);

  /** Asks for what is at the path, with everything docs/clients/behaviour.md says about reads. */
  async read(type: string, parts: unknown[], params: Params = {}, call: CallOptions = {}, cancelRequest = () => {}) {
    const { preview, testMode, onRequest, onError, ...options } = this.settings;
    const path = pathOf(parts);
    if (!path) throw new LarderError("bad_request", `${parts.join("/")} is not a path`);
    let asked: Params = { ...params, ...(testMode && { test: 1 }), ...((preview || testMode) && { preview: 1 }) };
    const hooked: Hooked = { config: { options, params: asked, type }, headers: {} };
    try {
      if (onRequest) {
        const headers = new Headers(HEADERS);
        const changed = await onRequest(this.servers[0]!.base + "/v2" + path, { ...hooked.config, headers, cancelRequest });
        hooked.headers = Object.fromEntries(new Headers(changed?.headers ?? headers));
        hooked.config.params = asked = changed?.params ?? asked;
      }
      delete asked.auth_token;
      const text = path + queryOf(asked);
      const { timeout, tryTimeout, retries } = { ...this.settings, ...call };
      const limits = { timeout, tryTimeout, retries };
      const drafts = isOn(asked.preview) || isOn(asked.test);
      const question = { text, key: drafts ? undefined : this.prefix + text, limits, hooked };
      const answer = await this.answer(question, call.signal);
      const config = { url: this.servers[0]!.base + "/v2" + text, method: "get", timeout };
      return { ...answer, text: undefined, data: JSON.parse(answer.text), config };
    } catch (error) {
      const { data, ...details } = (error as LarderError).cause ?? {};
      await onError?.(data ?? error, { ...hooked.config, ...details });
      throw error;
    }
  }

  /** Sends a change, once, to the primary. */
  async write(method: string, parts: unknown[], body?: unknown, call: CallOptions = {}) {
    const path = pathOf(parts);
    if (!path) throw new LarderError("bad_request", `${parts.join("/")} is not a path`);
    const headers: Record<string, string> = { ...HEADERS, Authorization: `Token ${this.token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    try {
      const limit = call.timeout ?? this.settings.timeout;
      const url = this.servers[0]!.base + "/v2" + path;
      const { response, text } = await this.fetch(url, init, limit, call.signal);
      const data = jsonObject(text);
      if (!response.ok || (response.status !== 204 && !data)) throw errorOf(response, data);
      const { status, statusText } = response;
      const config = { url, method: method.toLowerCase(), timeout: limit };
      return { data: data ?? null, status, statusText, headers: Object.fromEntries(response.headers), stale: false, config };
    } catch (error) {
      (error as LarderError).tries = 1;
      throw error;
    }
  }

  private answer(question: Question, signal?: AbortSignal): Promise<Answer> {
    const { key, limits } = question;
    if (!key) return this.ask(question, undefined, signal);
    // Callers with other limits do not wait for each other.
    const flight = key + JSON.stringify(limits);
    if (this.flights.has(flight)) this.log("coalesced", { question: question.text });
    return this.flights.join(flight, signal, (shared) => this.answerFromCopies(question, shared));
  }

  private async answerFromCopies(question: Question, signal: AbortSignal): Promise<Answer> {
    const { fresh, staleWhileRevalidate } = this.settings;
    const key = question.key!;
    const copy = await this.copies.load(key);
    if (copy) {
      const age = this.age(copy);
      // 0 is never: an answer of this very millisecond is asked for again too.
      if (fresh && age >= 0 && age <= fresh) {
        this.log("fresh", { question: question.text });
        return fromCopy(copy, false);
      }
      if (staleWhileRevalidate && age >= 0 && age <= fresh + staleWhileRevalidate) {
        if (!this.renewals.has(key)) {
          // As old as can be: a renewal that fails must not renew the copy with itself.
          const old = { ...copy, stored: -Infinity };
          const work = this.renewals
            .join(key, undefined, (renewal) => this.ask(question, old, renewal))
            .catch(({ kind }) => this.log("revalidate_failed", { kind }));
          this.settings.waitUntil?.(work);
        }
        return this.stale(question, copy, "revalidate");
      }
    }
    return this.ask(question, copy, signal);
  }

  /** Try after try, until an answer, a copy or the end. */
  private async ask(question: Question, copy: Copy | undefined, given?: AbortSignal): Promise<Answer> {
    const { clock, retryBudget, retryRatio, backoffBase, backoffCap } = this.settings;
    const { timeout, tryTimeout, retries } = question.limits;
    const signal = given ?? new AbortController().signal;
    const end = clock.monotonic() + timeout;
    this.budget = Math.min(this.budget + retryRatio, retryBudget);
    let error: LarderError | undefined;
    let failed: Server | undefined;
    let wanted = 0;
    for (let tries = 0, pauses = 0; ; ) {
      if (signal.aborted) throw cancelled();
      const server = choose(this.servers, clock.monotonic());
      const resting = server.restUntil > clock.monotonic();
      if (copy && resting && this.age(copy) <= this.settings.staleIfError) return this.stale(question, copy, "error", error);
      if (error) {
        if (tries > retries) break;
        if (resting) {
          const jitter = clock.random() * Math.min(backoffCap, backoffBase * 2 ** pauses++);
          const pause = Math.max(jitter, server === failed ? wanted : 0);
          if (this.budget < 1 || clock.monotonic() + pause >= end) break;
          this.budget--;
          this.log("pause", { milliseconds: pause });
          await clock.pause(pause, signal);
          if (signal.aborted) throw cancelled();
        }
      }
      tries++;
      const left = end - clock.monotonic();
      this.log("try", { server: server.base, question: question.text });
      try {
        return await this.tryOnce(server, question, copy, Math.min(tryTimeout, left), signal);
      } catch (caught) {
        error = caught as LarderError;
        error.tries = tries;
        const { status, headers } = error.cause;
        if (error.kind === "cancelled") throw error;
        if (status && !isIll(status) && error.kind !== "bad_answer") {
          recover(server);
          if (error.kind === "not_found" && question.key) await this.copies.remove(question.key);
          throw error;
        }
        this.log("fault", { server: server.base, kind: error.kind, status });
        failed = server;
        wanted = isIll(status ?? 0) ? retryAfter(headers?.get("retry-after") ?? null, clock.wall()) : 0;
        rest(server, this.settings, clock.monotonic(), wanted);
        if (error.kind === "timeout" && left <= tryTimeout) break;
      }
    }
    if (copy && this.age(copy) <= this.settings.staleIfError) return this.stale(question, copy, "error", error);
    throw error;
  }

  private async tryOnce(server: Server, question: Question, copy: Copy | undefined, limit: number, signal: AbortSignal) {
    const url = `${server.base}/v2${question.text}${question.text.includes("?") ? "&" : "?"}auth_token=${encodeURIComponent(this.token)}`;
    const headers: Record<string, string> = { ...HEADERS, ...question.hooked.headers };
    if (copy?.etag) headers["If-None-Match"] = copy.etag;
    const init: RequestInit = { headers };
    if (this.settings.cache) init.cache = this.settings.cache;
    const { response, text } = await this.fetch(url, init, limit, signal, question.hooked);
    const { status, statusText } = response;
    const known = status === 304 && copy?.etag ? copy : undefined;
    const data = known ?? jsonObject(text);
    if (!known && (status !== 200 || !data)) throw errorOf(response, data);
    recover(server);
    const body = known ? known.body : text;
    if (known) this.log("not_modified", { question: question.text });
    if (question.key && !/no-store/i.test(response.headers.get("cache-control") ?? "")) {
      const etag = response.headers.get("etag") ?? known?.etag ?? null;
      await this.copies.save(question.key, { stored: this.settings.clock.wall(), etag, body });
    }
    return { text: body, status: 200, statusText: known ? "OK" : statusText, headers: Object.fromEntries(response.headers), stale: false };
  }

  /** One request with its body, within the limit. */
  private async fetch(url: string, init: RequestInit, limit: number, signal?: AbortSignal, hooked?: Hooked) {
    const abort = new AbortController();
    const cancel = () => abort.abort();
    signal?.addEventListener("abort", cancel);
    if (signal?.aborted) cancel();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      cancel();
    }, limit);
    let response: Response | undefined;
    try {
      response = await (this.settings.fetch ?? globalThis.fetch)(url, { ...init, signal: abort.signal });
      const shown = hooked && this.settings.onResponse ? response.clone() : undefined;
      const text = await response.text();
      if (shown && response.status === 200) await this.settings.onResponse!(shown, hooked!.config);
      return { response, text };
    } catch (error) {
      if (late) throw new LarderError("timeout", `Request timed out after ${limit}ms.`);
      if (signal?.aborted) throw cancelled();
      const code = (error as any)?.cause?.code ?? (error as any)?.message;
      if (!response) throw new LarderError("network", `The server could not be reached: ${code}`);
      // The status of an answer that was cut off says nothing.
      throw new LarderError("bad_answer", `The answer was cut off: ${code}`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    }
  }

  private stale({ text }: Question, copy: Copy, reason: Stale["reason"], error?: LarderError): Answer {
    this.log("stale", { reason, question: text });
    this.settings.onStale?.({ reason, age: Math.max(this.age(copy), 0), question: text, ...(error && { error }) });
    return fromCopy(copy, true);
  }

  private age(copy: Copy) {
    return this.settings.clock.wall() - copy.stored;
  }
}

const fromCopy = ({ body, etag }: Copy, stale: boolean): Answer => ({
  text: body,
  status: 200,
  statusText: "OK",
  headers: { "content-type": "application/json", ...(etag && { etag }) },
  stale,
});
