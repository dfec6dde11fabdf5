// Passkeys: `<ld-passkey-add>` around the form that adds one, `<ld-passkey-enter>` around the button that signs in with
// one. Both are hidden where the browser knows none.

import { csrf } from './csrf.js';

const KNOWN = globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON && navigator.credentials;

class Refused extends Error {}

/** Sends JSON and reads it; what the server refuses is thrown as a sentence. */
async function ask(address, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() },
    body: JSON.stringify(body),
  }).catch(() => null);
  const said = await response?.json().catch(() => null);
  if (!response?.ok) throw new Refused(said?.message ?? 'The server does not answer. Try again in a moment.');
  return said;
}

/** A custom element with a button and a place for what is wrong. */
class Passkey extends HTMLElement {
  connectedCallback() {
    if (!KNOWN) return;
    this.hidden = false;
    const form = this.querySelector('form');
    if (form) form.addEventListener('submit', (event) => { event.preventDefault(); this.#run(); });
    else this.querySelector('button').addEventListener('click', () => this.#run());
  }

  async #run() {
    const [button, problem] = [this.querySelector('button'), this.querySelector('[data-problem]')];
    problem.hidden = true;
    button.disabled = true;
    try {
      location.assign(await this.use());
    } catch (error) {
      // Whoever closes the browser's own dialog knows that.
      problem.hidden = error.name === 'NotAllowedError' || error.name === 'AbortError';
      if (error.name === 'InvalidStateError') problem.textContent = 'This device has a passkey of yours already.';
      else problem.textContent = error instanceof Refused ? error.message : 'The browser could not use a passkey here.';
      button.disabled = false;
    }
  }
}

customElements.define('ld-passkey-add', class extends Passkey {
  async use() {
    const { name, current } = Object.fromEntries(new FormData(this.querySelector('form')));
    const { options, handle } = await ask('/admin/account/passkeys/begin', { current });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    const { next } = await ask('/admin/account/passkeys', { name, handle, credential: credential.toJSON() });
    return next;
  }
});

customElements.define('ld-passkey-enter', class extends Passkey {
  async use() {
    const { options } = await ask('/admin/sign-in/passkey/begin', {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = await navigator.credentials.get({ publicKey });
    const { next } = await ask('/admin/sign-in/passkey', { next: this.dataset.next, credential: credential.toJSON() });
    return next;
  }
});
