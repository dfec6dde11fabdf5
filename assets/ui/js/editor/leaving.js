// Leaving the page: wait a moment for the server, and ask only when text would really be lost.

/** Watches links, tabs and the page going away. `queue`, `device` and `presence` are the editor's. */
export class Leaving {
  #quiet = false;

  constructor({ editor, queue, device }) {
    Object.assign(this, { editor, queue, device });
    const options = { signal: editor.signal };
    document.addEventListener('click', (event) => this.#link(event), { ...options });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) {
        editor.form.gather();
        device.write();
        queue.hurry();
      } else {
        queue.wake();
      }
    }, options);
    addEventListener('pagehide', () => this.#gone(), options);
    addEventListener('beforeunload', (event) => this.#unload(event), options);
    addEventListener('online', () => queue.wake(), options);
  }

  /** Goes to `address` once the text is sent, or after 1.5 s when it is on this device. */
  async to(address) {
    await Promise.race([this.queue.flush(), new Promise((resolve) => { setTimeout(resolve, 1500); })]);
    this.device.write();
    location.assign(address);
  }

  /** The next leaving is wanted: no question. */
  allow() {
    this.#quiet = true;
  }

  #link(event) {
    const link = event.target.closest?.('a[href]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target && link.target !== '_self' || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname === location.pathname && link.search === location.search && link.hash) return;
    if (link.isContentEditable) return;
    this.editor.form.gather();
    if (!this.queue.unsent) return;
    event.preventDefault();
    this.to(link.href);
  }

  #gone() {
    this.editor.form.gather();
    this.device.write();
    this.editor.goodbye();
  }

  #unload(event) {
    this.editor.form.gather();
    if (this.#quiet || !this.queue.unsaved || !this.device.blocked) return;
    event.preventDefault();
  }
}
