// The SDK under test, talking to larder: the unmodified official one, or with LARDER_OWN_SDK=1 larder's own, which must
// pass the same tests after a change of this one import.

const own = Boolean(process.env.LARDER_OWN_SDK);

// The official SDK's base URL is a constant, so `fetch` is wrapped before it is loaded: whatever host it asks for, larder
// is asked.
let larder;
const realFetch = globalThis.fetch;
if (!own) {
  globalThis.fetch = (address, options) => {
    const url = new URL(address);
    return realFetch(new URL(`${url.pathname}${url.search}`, larder ?? url.origin), options);
  };
}

const { default: Butter } = await import(own ? "../../../sdk/js/dist/index.js" : "buttercms");

export function butterFor(site, options = {}, token = site.readToken) {
  larder = process.env.LARDER_URL = site.base;
  // The SDK gives up after 3 seconds by default; how fast larder is, is measured elsewhere.
  return Butter(token, { timeout: 60_000, ...(own && { tryTimeout: 60_000 }), ...options });
}
