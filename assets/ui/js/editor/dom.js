// Elements made by script: plain nodes, never markup from text.

/** An element with properties, `data-`/`aria-` attributes, listeners (`onclick: fn`) and children. */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes('-') && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name === 'className' ? 'class' : name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of the sprite the page names; without one, nothing is drawn. */
export function icon(name, size = '') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', `i ${size}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${sprite()}#${name}`);
  svg.append(use);
  return svg;
}

function sprite() {
  const meta = document.querySelector('meta[name="icons"]');
  if (meta) return meta.content;
  return document.querySelector('svg use')?.getAttribute('href').split('#')[0] ?? '';
}

let ids = 0;

/** The element's id; it gets one if it has none. */
export function idOf(element) {
  ids += 1;
  element.id ||= `ld-${ids}`;
  return element.id;
}

/** A modal dialog with a title and a footer. `focus` names what gets the focus, else the first control does.
 *  Resolves with the value of the button that closed it, or '' for Escape. Focus goes back by itself. */
export function dialog({ title, content, buttons, wide, focus, onopen }) {
  const head = h('h2', { tabIndex: -1 }, title);
  const answer = (value) => () => { box.close(value); };
  const footer = h('footer', {}, h('span', { class: 'r' }, buttons.map(({ text, value, look = '', disabled }) => h('button', {
    type: 'button', class: `btn ${look}`.trim(), 'data-value': value, disabled, onclick: answer(value),
  }, text))));
  const box = h('dialog', { class: wide ? 'dlg ed-wide' : 'dlg', 'aria-labelledby': idOf(head) },
    h('header', {}, head, h('button', { type: 'button', class: 'btn g sq', 'aria-label': 'Close', onclick: answer('') }, icon('x'))),
    h('div', { class: 'ed-dlg' }, content), footer);
  const before = document.activeElement;
  document.body.append(box);
  onopen?.(box);
  box.showModal();
  (box.querySelector(focus ?? '.ed-dlg input, .ed-dlg select, .ed-dlg textarea, footer button') ?? head).focus();
  return new Promise((resolve) => {
    box.addEventListener('close', () => {
      box.remove();
      if (before?.isConnected) before.focus();
      resolve(box.returnValue);
    });
  });
}

/** Says something to assistive software without showing it. */
export function announce(text) {
  let region = document.querySelector('.ed-said');
  if (!region) {
    region = h('div', { class: 'sr ed-said', role: 'status', 'aria-live': 'polite' });
    document.body.append(region);
  }
  // The same words twice are read twice only when the region was empty in between.
  region.textContent = '';
  setTimeout(() => { region.textContent = text; }, 30);
}

/** "1 change", "3 changes". */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}
