// Word has no lists on the clipboard, only paragraphs that say which list and level they belong to.

const ITEM = 'p[data-item], div[data-item]';

/** Turns the list paragraphs of Word (desktop and web) into real lists. */
export function wordLists(body) {
  body.querySelectorAll('[data-st*="mso-list"]').forEach(markDesktop);
  body.querySelectorAll('li[data-aria-level]').forEach(markWeb);
  for (const first of body.querySelectorAll(ITEM)) {
    if (!first.hasAttribute('data-item')) continue;
    const run = runFrom(first);
    const lists = nest(run);
    first.before(...lists);
    run.forEach((item) => item.remove());
  }
}

/** `mso-list:l0 level2 lfo1`, with the bullet or number as text in a span marked `mso-list:Ignore`. */
function markDesktop(paragraph) {
  const level = /mso-list:\s*l\d+\s+level(\d+)/i.exec(paragraph.getAttribute('data-st'))?.[1];
  if (!level || paragraph.localName !== 'p') return;
  const marker = [...paragraph.querySelectorAll('[data-st]')].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute('data-st')));
  const label = (marker?.textContent ?? '').trim();
  marker?.remove();
  mark(paragraph, level, /^\(?(?:\d+|[a-z]{1,4})[.)]/i.test(label), Number.parseInt(label, 10));
}

/** Each item in a list and a wrapper of its own. */
function markWeb(item) {
  const list = item.parentElement;
  if (list?.children.length !== 1) return;
  const wrapper = list.parentElement?.matches('[class*=ListContainerWrapper]') ? list.parentElement : list;
  const paragraph = item.ownerDocument.createElement('div');
  mark(paragraph, item.getAttribute('data-aria-level'), list.localName === 'ol', Number.parseInt(list.getAttribute('start'), 10));
  paragraph.append(...item.childNodes);
  wrapper.replaceWith(paragraph);
}

function mark(element, level, ordered, start) {
  element.setAttribute('data-item', level);
  element.setAttribute('data-list', ordered ? 'ol' : 'ul');
  if (start > 1) element.setAttribute('data-start', start);
}

function runFrom(first) {
  const run = [first];
  for (let next = first.nextSibling; next; next = next.nextSibling) {
    if (next.nodeType === Node.ELEMENT_NODE && next.matches(ITEM)) run.push(next);
    else if (next.nodeType !== Node.TEXT_NODE || next.data.trim()) break;
  }
  return run;
}

function nest(run) {
  const top = [];
  const open = [];
  for (const paragraph of run) {
    const level = Math.min(Math.max(Number(paragraph.getAttribute('data-item')) || 1, 1), 9);
    const name = paragraph.getAttribute('data-list');
    while (open.length && (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).list.localName !== name))) open.pop();
    if (open.at(-1)?.level !== level) open.push({ level, list: newList(paragraph, name, open.at(-1)?.list, top) });
    const item = paragraph.ownerDocument.createElement('li');
    item.append(...paragraph.childNodes);
    open.at(-1).list.append(item);
  }
  return top;
}

function newList(paragraph, name, parent, top) {
  const list = paragraph.ownerDocument.createElement(name);
  if (paragraph.hasAttribute('data-start')) list.setAttribute('start', paragraph.getAttribute('data-start'));
  if (parent?.lastElementChild) parent.lastElementChild.append(list);
  else top.push(list);
  return list;
}
