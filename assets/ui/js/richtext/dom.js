// Builds elements. Never takes HTML, so nothing has to be escaped.

/** An element with properties and children: `make('button', { type: 'button', class: 'btn', onclick }, 'Text')`. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

let last = 0;

/** An id nothing else on the page has. */
export function newId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}
