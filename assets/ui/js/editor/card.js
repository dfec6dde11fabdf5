// One element of a list as a card: its header, its body, and its content as data.

import { h, icon, idOf } from './dom.js';
import { ldField } from './field.js';
import { plainText } from './diff.js';
import { newId } from './ops.js';

/** Builds what the card lacks: a body that can be closed, and a header. Does nothing the second time. */
export function furnish(li, { name, picture, picker }) {
  if (li.dataset.furnished !== undefined) return;
  li.dataset.furnished = '';
  bodyOf(li);
  let header = li.querySelector(':scope > header');
  if (!header) {
    header = h('header');
    li.prepend(header);
  }
  const title = header.querySelector('b')?.textContent || name;
  const summary = li.querySelector(':scope > template[data-body]') ? header.querySelector('.sum')?.textContent : summaryOf(li);
  const spoken = picker ? title : `${title} ${summary ?? ''}`.trim();
  const act = (what, look, label, className = '') => h('button', {
    type: 'button', class: `btn g sq ${className}`.trim(), 'data-card': what, 'aria-label': `${label} ${spoken}`, title: label,
  }, icon(look));
  header.replaceChildren(
    h('button', { type: 'button', class: 'g ed-grip', 'aria-label': `Move ${spoken}`, 'aria-roledescription': 'sortable', 'aria-pressed': 'false' }, icon('grip-vertical')),
    h('span', { class: 'ico' }, icon(picture)),
    h('b', {}, title), h('span', { class: 'sum' }, summary),
    h('span', { class: 'acts' },
      act('up', 'arrow-up', 'Move up', 'ed-open'), act('down', 'arrow-down', 'Move down', 'ed-open'), act('duplicate', 'copy', 'Duplicate', 'ed-open'),
      act('more', 'ellipsis', 'More for'), act('toggle', 'chevron-down', 'Open')));
  const toggle = header.querySelector('[data-card=toggle]');
  toggle.setAttribute('aria-expanded', String(li.classList.contains('open')));
  toggle.setAttribute('aria-controls', idOf(bodyOf(li)));
  header.querySelector('[data-card=more]').setAttribute('aria-haspopup', 'menu');
  if (picker) li.append(h('div', { class: 'insert quiet' }, h('button', { type: 'button', 'data-card': 'insert' }, icon('plus', 'sm'), 'Insert here')));
}

/** The part of a card with its fields; fields that are not built yet stay in their template. */
export function bodyOf(li) {
  let body = li.querySelector(':scope > .body');
  if (body) return body;
  body = h('div', { class: 'body' });
  body.append(...[...li.childNodes].filter((node) => node.nodeName !== 'HEADER' && node.nodeName !== 'TEMPLATE' && !node.classList?.contains('insert')));
  li.append(body);
  for (const button of body.querySelectorAll('button[name="do"]')) button.remove();
  return body;
}

/** Builds the fields of a card that waited in a template. */
export function unfold(li) {
  const waiting = li.querySelector(':scope > template[data-body]');
  if (!waiting) return;
  waiting.remove();
  bodyOf(li).append(waiting.content);
}

/** Opens or closes a card. */
export function setOpen(li, open) {
  if (open) unfold(li);
  li.classList.toggle('open', open);
  const toggle = li.querySelector(':scope > header [data-card=toggle]');
  if (!toggle) return;
  const title = li.querySelector(':scope > header b').textContent;
  toggle.setAttribute('aria-expanded', String(open));
  toggle.setAttribute('aria-label', `${open ? 'Close' : 'Open'} ${title}`);
  if (!open) li.querySelector(':scope > header .sum').textContent = summaryOf(li);
}

/** The first text someone wrote in the card. */
export function summaryOf(li) {
  for (const control of li.querySelectorAll('input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=file]), textarea')) {
    const text = plainText(control.value).trim();
    if (text && !control.name.endsWith('.url') && control.closest('.cmp') === li) return text.slice(0, 120);
  }
  return '';
}

function parts(li) {
  unfold(li);
  const body = bodyOf(li);
  const own = (selector) => [...body.querySelectorAll(selector)].filter((el) => el.parentElement.closest('.cmp') === li);
  return { fields: own('.f[data-path]').filter((f) => !f.querySelector('ld-blocks, .f[data-path]')), lists: own('ld-blocks') };
}

/** Everything in a card: `{component, values: {relative path: value}, lists: {relative path: [{id, content}]}}`. */
export function contentOf(li) {
  const { fields, lists } = parts(li);
  const from = prefixOf(li).length + 1;
  return {
    component: li.dataset.component || undefined,
    values: Object.fromEntries(fields.map((f) => [f.dataset.path.slice(from), ldField(f).get()])),
    lists: Object.fromEntries(lists.map((list) => [list.dataset.path.slice(from),
      [...list.querySelectorAll(':scope > ol > .cmp')].map((item) => ({ id: item.dataset.id, content: contentOf(item) }))])),
  };
}

/** Puts content into a card made from its template. */
export function fill(li, content) {
  const { fields, lists } = parts(li);
  const from = prefixOf(li).length + 1;
  for (const f of fields) {
    const value = content.values?.[f.dataset.path.slice(from)];
    if (value !== undefined) ldField(f).set(value);
  }
  for (const list of lists) {
    let after = null;
    for (const { id, content: inner } of content.lists?.[list.dataset.path.slice(from)] ?? []) {
      list.put({ id, after, component: inner.component, content: inner });
      after = id;
    }
  }
}

/** The same content for another element: every inner element gets a new id. */
export function copied(content) {
  const lists = Object.entries(content.lists ?? {}).map(([path, items]) => [path, items.map((item) => ({ id: newId(), content: copied(item.content) }))]);
  return { ...content, lists: Object.fromEntries(lists) };
}

/** The operations that make an element with this content. */
export function insertOps(list, id, after, content) {
  const ops = [{ op: 'insert', list, id, after, ...(content.component ? { component: content.component } : {}), value: nested(content.values ?? {}) }];
  for (const [path, items] of Object.entries(content.lists ?? {})) {
    let before = null;
    for (const item of items) {
      ops.push(...insertOps(`${list}[${id}].${path}`, item.id, before, item.content));
      before = item.id;
    }
  }
  return ops;
}

/** `{"cta.label": x}` as `{cta: {label: x}}`. */
function nested(values) {
  const tree = {};
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.');
    const last = keys.pop();
    let at = tree;
    for (const key of keys) at = at[key] ??= {};
    at[last] = value;
  }
  return tree;
}

/** The other way round, for an insert that came from elsewhere. */
export function flat(value, prefix = '') {
  const found = {};
  for (const [key, inner] of Object.entries(value ?? {})) {
    if (inner && typeof inner === 'object' && !Array.isArray(inner) && !('url' in inner)) Object.assign(found, flat(inner, `${prefix}${key}.`));
    else found[prefix + key] = inner;
  }
  return found;
}

/** `body[k3f9]`, the path of a card. */
export function prefixOf(li) {
  return `${li.closest('ld-blocks').dataset.path}[${li.dataset.id}]`;
}

const NAMED = ['name', 'id', 'for', 'data-path', 'aria-describedby', 'aria-labelledby', 'aria-controls', 'list', 'data-for'];

/** A card from a template whose names hold `[__id__]`. Of nested templates the outermost `__id__` is meant. */
export function fromTemplate(template, id) {
  const content = template.content.cloneNode(true);
  rename(content, id);
  const li = content.querySelector('li') ?? h('li', { class: 'cmp' }, content);
  li.classList.add('cmp');
  li.dataset.id = id;
  return li;
}

function rename(root, id) {
  for (const el of root.querySelectorAll('*')) {
    for (const name of NAMED) {
      const value = el.getAttribute(name);
      if (value?.includes('__id__')) el.setAttribute(name, value.split(' ').map((word) => word.replace('__id__', id)).join(' '));
    }
    if (el.localName === 'template') rename(el.content, id);
  }
}
