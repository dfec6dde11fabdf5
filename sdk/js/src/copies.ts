import type { Log, Settings } from "./settings.js";

/** The last good answer to a question. */
export interface Copy {
  /** Milliseconds since 1970. */
  stored: number;
  etag: string | null;
  /** The answer's text. */
  body: string;
}

/** The store, with everything that may be wrong with it taken as "there is no copy". */
export class Copies {
  private restUntil = 0;

  constructor(private settings: Settings, private log: Log) {}

  async load(key: string): Promise<Copy | undefined> {
    const text = await this.safely("get", (store) => store.get(key));
    try {
      const copy = JSON.parse(text as string);
      if (typeof copy.stored === "number" && typeof copy.body === "string" && jsonObject(copy.body)) return copy;
    } catch {
      // Not ours, or damaged.
    }
    return undefined;
  }

  async save(key: string, copy: Copy) {
    const { fresh, staleWhileRevalidate, staleIfError } = this.settings;
    const maxAge = Math.max(fresh + staleWhileRevalidate, staleIfError);
    await this.safely("set", (store) => store.set(key, JSON.stringify(copy), maxAge));
  }

  async remove(key: string) {
    await this.safely("delete", (store) => store.delete(key));
  }

  /** A store that does not answer in time is left alone for a while: waiting for it each time would slow every call. */
  private async safely(operation: string, use: (store: NonNullable<Settings["store"]>) => unknown) {
    const { store, storeTimeout, coolOff, clock } = this.settings;
    if (!store || clock.monotonic() < this.restUntil) return undefined;
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => {
          this.restUntil = clock.monotonic() + coolOff;
          reject(new Error(`no answer within ${storeTimeout} ms`));
        }, storeTimeout);
      });
      return await Promise.race([(async () => use(store))(), late]);
    } catch (error) {
      this.log("store_error", { operation, message: String(error) });
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The object a text is in JSON; undefined for everything else. */
export function jsonObject(text: string): any {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
