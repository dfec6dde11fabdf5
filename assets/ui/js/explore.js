import { announce } from './announce.js';

// What of an answer's headers tells how it came about, and what each means.
const HEADERS = [
  ['x-cache', 'Cache'], ['age', 'Age, in seconds'], ['etag', 'ETag'], ['cache-control', 'Browsers keep it'],
  ['surrogate-control', 'A CDN keeps it'], ['surrogate-key', 'Tags'], ['content-type', 'Type'], ['content-encoding', 'Compressed'],
];

/** Asks the API what the form says, and shows request, headers, time and answer. The newest question wins. */
class Explore extends HTMLElement {
  #asked = 0;

  connectedCallback() {
    this.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask(new FormData(event.target));
    });
  }

  async #ask(form) {
    const turn = ++this.#asked;
    const slug = encodeURIComponent(form.get('slug').trim());
    const address = new URL(`/v2${form.get('question').replace('{slug}', slug)}`, location.origin);
    for (const [name, value] of new URLSearchParams(form.get('more').trim())) address.searchParams.append(name, value);
    if (form.get('locale')) address.searchParams.set('locale', form.get('locale'));
    if (form.get('preview')) address.searchParams.set('preview', '1');
    address.searchParams.set('auth_token', form.get('token'));
    const line = `${address.pathname}${address.search}`;
    this.querySelector('#request').textContent = `curl "${this.dataset.base}${line}"`;
    this.querySelector('[data-asked]').hidden = false;
    const began = performance.now();
    try {
      const response = await fetch(line, { credentials: 'omit', cache: 'no-store' });
      const text = await response.text();
      if (turn === this.#asked) this.#show(response, text, performance.now() - began);
    } catch {
      if (turn === this.#asked) this.#say('The server does not answer. Try again in a moment.');
    }
  }

  #show(response, text, took) {
    const bytes = new TextEncoder().encode(text).length;
    const summary = `${response.status} ${response.statusText}, ${took.toFixed(1)} ms, ${bytes.toLocaleString()} bytes`;
    this.querySelector('[data-summary]').textContent = summary;
    const facts = HEADERS.filter(([name]) => response.headers.has(name)).flatMap(([name, label]) => {
      const [term, value] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = label;
      value.textContent = response.headers.get(name);
      return [term, value];
    });
    this.querySelector('[data-headers]').replaceChildren(...facts);
    this.querySelector('#answer').textContent = pretty(text);
    this.querySelector('[data-answered]').hidden = false;
    announce(`Answered: ${summary}`);
  }

  #say(text) {
    this.querySelector('[data-summary]').textContent = text;
    this.querySelector('[data-headers]').replaceChildren();
    this.querySelector('#answer').textContent = '';
    this.querySelector('[data-answered]').hidden = false;
    announce(text);
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

customElements.define('ld-explore', Explore);
