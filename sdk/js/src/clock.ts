/** Time and chance, replaceable in tests. Time-outs are not here: they are always real. */
export interface Clock {
  /** Milliseconds since 1970; may jump. */
  wall(): number;
  /** Milliseconds since any moment; never jumps. */
  monotonic(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal): Promise<unknown>;
  /** At least 0, less than 1. */
  random(): number;
}

export const realClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  pause: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener("abort", () => (clearTimeout(timer), resolve(0)), { once: true });
    }),
  random: Math.random,
};
