import { announce } from './announce.js';
import { icon } from './icon.js';
import { post } from './post.js';

const LOOKS = { ok: ['', 'check'], warn: ['w', 'triangle-alert'], error: ['e', 'circle-alert'], info: ['n', 'info'] };
const SHORTEST = 8;
const KEPT = 20;
const STORE = 'ld:notes';

/** The queue of messages. Those the server wrote into the page are taken over. */
class ToastQueue extends HTMLElement {
  connectedCallback() {
    for (const shown of this.querySelectorAll('.toast')) this.#live(shown, SHORTEST);
    document.addEventListener('ld:toast', this.#show);
    document.addEventListener('toast', this.#show);
  }

  disconnectedCallback() {
    document.removeEventListener('ld:toast', this.#show);
    document.removeEventListener('toast', this.#show);
  }

  #show = (event) => {
    const { title, detail = '', kind = 'ok', actions = [], seconds = SHORTEST } = event.detail;
    const shown = element(title, detail, kind, actions.slice(0, 2));
    this.append(shown);
    this.#above();
    this.#live(shown, Math.max(SHORTEST, seconds));
    announce(`${title} ${detail}`.trim(), kind === 'error' ? 'assertive' : 'polite');
    keep({ title, detail, time: Date.now() });
  };

  /** Shown again, so that it lies above a dialog that was opened since. */
  #above() {
    this.popover = 'manual';
    if (this.matches(':popover-open')) this.hidePopover();
    this.showPopover();
  }

  /** Counts down, except while someone points at it or is inside. */
  #live(shown, seconds) {
    let left = seconds * 1000;
    let since = 0;
    let timer = 0;
    const run = () => { since = Date.now(); timer = setTimeout(() => this.#drop(shown), left); };
    const pause = () => { clearTimeout(timer); left -= Date.now() - since; };
    let held = 0;
    const hold = () => { if (held++ === 0) pause(); };
    const release = () => { if (--held === 0) { left = Math.max(left, 2000); run(); } };
    shown.addEventListener('pointerenter', hold);
    shown.addEventListener('pointerleave', release);
    shown.addEventListener('focusin', hold);
    shown.addEventListener('focusout', release);
    shown.querySelector('.x')?.addEventListener('click', () => this.#drop(shown));
    shown.addEventListener('ld:done', () => this.#drop(shown));
    run();
  }

  #drop(shown) {
    shown.remove();
    if (!this.querySelector('.toast') && this.matches(':popover-open')) this.hidePopover();
  }
}

function element(title, detail, kind, actions) {
  const [look, sign] = LOOKS[kind] ?? LOOKS.info;
  const shown = node('div', `toast ${look}`.trim());
  const mark = node('span', 'ok');
  mark.append(icon(sign));
  const text = node('div');
  text.append(node('b', '', title));
  if (detail) text.append(node('p', '', detail));
  if (actions.length) {
    const row = node('div', 'act');
    row.append(...actions.map((given) => action(given, shown)));
    text.append(row);
  }
  const close = node('button', 'x');
  close.type = 'button';
  close.setAttribute('aria-label', 'Dismiss');
  close.append(icon('x'));
  shown.append(mark, text, close);
  return shown;
}

function action({ label, href, post: address, run }, shown) {
  const made = node(href ? 'a' : 'button', '', label);
  if (href) {
    made.href = href;
    return made;
  }
  made.type = 'button';
  made.addEventListener('click', () => {
    shown.dispatchEvent(new Event('ld:done'));
    if (run) run();
    else send(address);
  });
  return made;
}

async function send(address) {
  const answer = await post(address);
  if (answer) location.assign(answer.redirected ? answer.url : location.href);
}

function node(name, look = '', text = '') {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (text) made.textContent = text;
  return made;
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? [];
  } catch {
    return [];
  }
}

function keep(note) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify([note, ...kept()].slice(0, KEPT)));
  } catch {
    // Without storage the list under the bell is empty; the message was shown all the same.
  }
}

document.getElementById('notes')?.addEventListener('beforetoggle', (event) => {
  if (event.newState !== 'open') return;
  const notes = kept();
  const list = node('ul');
  for (const { title, detail, time } of notes) {
    const item = node('li');
    item.append(node('b', '', title));
    if (detail) item.append(node('span', '', `${detail} `));
    item.append(node('small', 'num', new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })));
    list.append(item);
  }
  event.target.replaceChildren(notes.length ? list : node('p', 'none', 'Messages are kept here while this tab is open.'));
});

// The next person in this tab does not read them.
document.addEventListener('submit', (event) => {
  if (event.target.matches('form[data-sign-out]')) sessionStorage.removeItem(STORE);
});

customElements.define('ld-toast', ToastQueue);
