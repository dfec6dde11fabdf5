// Addresses that become frames. The server's list of allowed hosts decides what it keeps (api-contract.md, 23.4).

const PROVIDERS = {
  youtube: {
    name: 'YouTube',
    host: /^(?:www\.|m\.)?(?:youtube\.com|youtu\.be|youtube-nocookie\.com)$/,
    frame: (url) => {
      const id = url.hostname === 'youtu.be' ? url.pathname.slice(1) : url.searchParams.get('v') ?? /^\/(?:embed|shorts|live)\/([^/]+)/.exec(url.pathname)?.[1];
      const start = Number.parseInt(url.searchParams.get('t') ?? url.searchParams.get('start') ?? '', 10);
      return /^[\w-]{6,20}$/.test(id ?? '') && `https://www.youtube-nocookie.com/embed/${id}${start > 0 ? `?start=${start}` : ''}`;
    },
  },
  vimeo: {
    name: 'Vimeo',
    host: /^(?:www\.|player\.)?vimeo\.com$/,
    frame: (url) => {
      const found = /^\/(?:video\/|channels\/[^/]+\/)?(\d+)(?:\/([0-9a-f]+))?/.exec(url.pathname);
      const key = found?.[2] ?? url.searchParams.get('h');
      return found && `https://player.vimeo.com/video/${found[1]}${/^[0-9a-f]+$/.test(key ?? '') ? `?h=${key}` : ''}`;
    },
  },
  spotify: {
    name: 'Spotify',
    host: /^open\.spotify\.com$/,
    frame: (url) => {
      const found = /^\/(?:intl-\w+\/)?(?:embed\/)?(track|album|playlist|episode|show)\/(\w+)/.exec(url.pathname);
      return found && `https://open.spotify.com/embed/${found[1]}/${found[2]}`;
    },
  },
  loom: {
    name: 'Loom',
    host: /^(?:www\.)?loom\.com$/,
    frame: (url) => {
      const id = /^\/(?:share|embed)\/([0-9a-f]+)/.exec(url.pathname)?.[1];
      return id && `https://www.loom.com/embed/${id}`;
    },
  },
};

/** The providers a page allows, of those known here; YouTube and Vimeo when it says nothing. */
export function providersOf(names) {
  const listed = (names ?? 'youtube vimeo').split(/\s+/);
  return Object.entries(PROVIDERS).filter(([key]) => listed.includes(key)).map(([, provider]) => provider);
}

/** The HTML of a frame for an address, or null when no provider knows it. */
export function embedOf(address, providers) {
  const url = httpAddress(address);
  const provider = url && providers.find(({ host }) => host.test(url.hostname));
  const frame = provider?.frame(url);
  if (!frame) return null;
  return `<iframe src="${frame.replaceAll('&', '&amp;')}" width="560" height="315" title="${provider.name}" loading="lazy" allow="fullscreen; picture-in-picture" allowfullscreen></iframe>`;
}

/** The name of the provider a frame comes from, for its card. */
export function providerName(address) {
  const url = httpAddress(address);
  return url && Object.values(PROVIDERS).find(({ host }) => host.test(url.hostname))?.name;
}

function httpAddress(address) {
  const text = address.trim();
  const url = URL.canParse(text) ? new URL(text) : URL.canParse(`https:${text}`) ? new URL(`https:${text}`) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
