// The unmodified SDK, talking to larder.
//
// Its base URL is a constant, so `fetch` is wrapped before it is loaded: whatever host it asks for, larder is asked.

let larder;
const realFetch = globalThis.fetch;
globalThis.fetch = (address, options) => {
  const url = new URL(address);
  return realFetch(new URL(`${url.pathname}${url.search}`, larder ?? url.origin), options);
};

const { default: Butter } = await import("buttercms");

export function butterFor(site, options = {}, token = site.readToken) {
  larder = site.base;
  // The SDK gives up after 3 seconds by default; how fast larder is, is measured elsewhere.
  return Butter(token, { timeout: 60_000, ...options });
}
