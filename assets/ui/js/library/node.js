import { icon } from '../icon.js';

/** An element with classes, attributes and what is in it: texts and elements. */
export function node(name, look = '', attributes = {}, ...children) {
  const made = document.createElement(name);
  if (look) made.className = look;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(Boolean));
  return made;
}

/** A button with an icon that says what it does to assistive software. */
export function sign(name, label, run) {
  const button = node('button', 'btn s g sq', { type: 'button', 'aria-label': label }, icon(name));
  button.addEventListener('click', run);
  return button;
}
