/** Which addresses are this site's own: the only pictures the policy lets a screen show. */
export class Site {
  #origins;

  /** `origins`: further places this site serves media from, separated by spaces. */
  constructor(origins = '') {
    this.#origins = new Set([location.origin, ...(origins ?? '').split(/\s+/).filter(Boolean)]);
  }

  owns(address) {
    if (!address || !URL.canParse(address, location.href)) return false;
    const url = new URL(address, location.href);
    return url.protocol === 'blob:' || this.#origins.has(url.origin);
  }
}
