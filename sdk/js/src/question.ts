export type Params = Record<string, any>;

/** RFC 3986: everything but letters, digits and `-._~` is escaped. */
const escaped = (text: unknown) =>
  encodeURIComponent(String(text)).replace(/[!'()*]/g, (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase());

/** `/posts/jam/` of `["posts", "jam"]`; undefined when a part would climb out of its path. */
export const pathOf = (parts: unknown[]) =>
  parts.some((part) => part === "." || part === "..") ? undefined : `/${parts.map((part) => escaped(part) + "/").join("")}`;

/** `?a=1&b=2`, sorted, so that one question has one spelling; empty without parameters. */
export function queryOf(params: Params): string {
  const pairs = Object.entries(params).filter(([, value]) => value != null);
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value], n) => `${n ? "&" : "?"}${escaped(name)}=${escaped(value)}`).join("");
}

export const isOn = (value: unknown) => /^(1|true)$/i.test(String(value));

/** 32-bit FNV-1a, as 8 hex digits: tells sites in one store apart without giving the token away. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
