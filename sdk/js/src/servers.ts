import type { Settings } from "./settings.js";

/** One base address, and whether it should be left alone for now. */
export interface Server {
  /** Without `/v2` and without a slash at its end. */
  base: string;
  faults: number;
  restUntil: number;
}

export const serverAt = (address: string): Server => ({
  base: address.trim().replace(/\/+$/, "").replace(/\/v2$/, ""),
  faults: 0,
  restUntil: -Infinity,
});

/** The first that does not rest; when all rest, the one whose rest ends first. */
export function choose(servers: Server[], now: number): Server {
  const rest = (server: Server) => Math.max(server.restUntil, now);
  return servers.reduce((best, server) => (rest(server) < rest(best) ? server : best));
}

/** A rest that doubles with each fault in a row, or lasts as long as the server asked for. */
export function rest(server: Server, { coolOff, coolOffCap }: Settings, now: number, retryAfter: number) {
  const pause = Math.min(coolOff * 2 ** server.faults++, coolOffCap);
  server.restUntil = now + Math.max(pause, retryAfter);
}

export function recover(server: Server) {
  server.faults = 0;
  server.restUntil = -Infinity;
}

/** A Retry-After header in milliseconds; 0 when there is none that means anything. */
export function retryAfter(header: string | null, wall: number): number {
  if (!header) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  // Date.parse would take "-5" for a year.
  return /GMT$/.test(header) ? Math.max(Date.parse(header) - wall, 0) || 0 : 0;
}
