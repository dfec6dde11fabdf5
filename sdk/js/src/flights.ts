import { LarderError } from "./errors.js";

interface Flight<T> {
  answer: Promise<T>;
  waiting: number;
  abort: AbortController;
}

export const cancelled = () => new LarderError("cancelled", "Request cancelled");

/** Callers who ask the same at the same time share one answer. */
export class Flights<T> {
  private flying = new Map<string, Flight<T>>();

  has(key: string) {
    return this.flying.has(key);
  }

  /** Joins the flight for `key`, or starts it. It is ended when every caller has cancelled. */
  join(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const flight = this.flying.get(key) ?? this.launch(key, start);
    flight.waiting++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(cancelled());
        if (--flight.waiting) return;
        flight.abort.abort();
        this.land(key, flight);
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      flight.answer.then(resolve, reject).finally(() => signal?.removeEventListener("abort", leave));
    });
  }

  private launch(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight: Flight<T> = { waiting: 0, abort, answer: start(abort.signal).finally(() => this.land(key, flight)) };
    this.flying.set(key, flight);
    return flight;
  }

  private land(key: string, flight: Flight<T>) {
    if (this.flying.get(key) === flight) this.flying.delete(key);
  }
}
