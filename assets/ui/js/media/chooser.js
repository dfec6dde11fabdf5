// Choosing a file of the library in a dialog. What is in it comes from the library's own screen.

import { announce } from '../announce.js';
import { closed } from '../closed.js';
import { icon } from '../icon.js';

const ADDRESS = '/admin/media/pick';

/**
 * Opens the library to choose from. `type` is what is offered first: "image", "video", "audio", "document" or ''.
 * Resolves with the facts of what was chosen, or null. The focus is back where it was by then.
 *
 * The server's fragment says what was chosen with the event `ld:picked`, whose detail are the facts.
 */
export async function chooseFromLibrary({ type = '' } = {}) {
  const box = document.createElement('dialog');
  box.className = 'dlg wide ld-chooser';
  box.setAttribute('aria-labelledby', 'chooser-title');
  const head = document.createElement('header');
  const title = Object.assign(document.createElement('h2'), { id: 'chooser-title', tabIndex: -1, textContent: 'Choose from the library' });
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'btn g sq' });
  close.setAttribute('aria-label', 'Close');
  close.append(icon('x'));
  head.append(title, close);
  const content = Object.assign(document.createElement('div'), { className: 'content', id: 'chooser' });
  box.append(head, content);
  document.body.append(box);
  let chosen = null;
  box.addEventListener('ld:picked', (event) => {
    chosen = event.detail;
    box.close();
  });
  close.addEventListener('click', () => box.close());
  box.showModal();
  title.focus();
  load(content, type);
  await closed(box);
  box.remove();
  return chosen;
}

async function load(content, type) {
  content.setAttribute('aria-busy', 'true');
  try {
    const query = type ? `?${new URLSearchParams({ type })}` : '';
    const response = await fetch(`${ADDRESS}${query}`, { headers: { Accept: 'text/html', 'HX-Request': 'true' }, cache: 'no-store' });
    if (!response.ok) throw new Error(`answer ${response.status}`);
    const parsed = new DOMParser().parseFromString(await response.text(), 'text/html');
    content.replaceChildren(...parsed.body.childNodes);
    globalThis.htmx?.process(content);
    content.querySelector('[autofocus], input[type=search]')?.focus();
  } catch {
    const text = 'The library could not be opened. Check the connection and try again.';
    const again = Object.assign(document.createElement('button'), { type: 'button', className: 'btn s', textContent: 'Try again' });
    again.addEventListener('click', () => load(content, type));
    content.replaceChildren(Object.assign(document.createElement('p'), { textContent: text }), again);
    announce(text, 'assertive');
  } finally {
    content.removeAttribute('aria-busy');
  }
}
