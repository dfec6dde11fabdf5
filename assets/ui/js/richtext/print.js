// A document to the HTML that is stored.

import { CLASSES, ELEMENTS } from './allow.js';
import { escaped, quoted } from './escape.js';
import { sourceOf } from './sources.js';

const printed = new WeakMap();

/** The HTML of a document. Blocks nobody touched since reading come out byte for byte as they went in. */
export function print(doc) {
  if (isEmpty(doc) && sourceOf(doc.firstChild) === undefined) return '';
  let html = '';
  doc.forEach((node, _, index) => {
    const source = sourceOf(node);
    // The empty line to write on at the end is not content until something is written.
    if (source === undefined && index > 0 && index === doc.childCount - 1 && isBlank(node)) return;
    html += source ?? remembered(node);
  });
  return html;
}

/** The HTML of one block as the editor writes it, whatever its source was. */
export function remembered(node) {
  let html = printed.get(node);
  if (html === undefined) printed.set(node, html = block(node));
  return html;
}

export function isEmpty(doc) {
  return doc.childCount === 1 && isBlank(doc.firstChild);
}

function isBlank(node) {
  return node.type.name === 'paragraph' && node.content.size === 0;
}

const BLOCKS = {
  paragraph: (node) => element('p', {}, inline(node)),
  heading: (node) => element(`h${node.attrs.level}`, {}, inline(node)),
  bulletList: (node) => element('ul', {}, blocks(node)),
  orderedList: (node) => element('ol', { start: node.attrs.start === 1 ? null : node.attrs.start }, blocks(node)),
  listItem: (node) => element('li', {}, contained(node)),
  blockquote: (node) => element('blockquote', {}, blocks(node)),
  callout: (node) => element('aside', {}, blocks(node)),
  codeBlock: (node) => {
    const { language } = node.attrs;
    return element('pre', {}, element('code', { class: language && `language-${language}` }, escaped(node.textContent)));
  },
  horizontalRule: () => '<hr>',
  htmlBlock: (node) => node.attrs.source,
  figure,
  table,
};

function block(node) {
  return BLOCKS[node.type.name](node);
}

function blocks(node) {
  let html = '';
  node.forEach((child) => {
    html += block(child);
  });
  return html;
}

/** Items and cells with one paragraph, maybe followed by lists, go without its `<p>`: sites are styled for that. */
function contained(node) {
  const first = node.firstChild;
  let alone = first?.type.name === 'paragraph';
  node.forEach((child, _, index) => {
    if (index > 0 && !['bulletList', 'orderedList'].includes(child.type.name)) alone = false;
  });
  if (!alone) return blocks(node);
  return inline(first) + blocks(node.type.create(node.attrs, node.content.cut(first.nodeSize)));
}

/** A picture still on its way has no address anyone else could use, so it is not written. */
function figure(node) {
  if (node.attrs.upload && !node.attrs.src) return '';
  const caption = node.content.size ? element('figcaption', {}, inline(node)) : '';
  return element('figure', { class: node.attrs.size && `w-${node.attrs.size}` }, image(node) + caption);
}

function image({ attrs }) {
  return openTag('img', { ...attrs, 'data-asset': attrs.asset });
}

function table(node) {
  const rows = [];
  node.forEach((row) => rows.push(row));
  const heads = rows.findIndex((row) => !isHead(row));
  const head = heads < 0 ? rows : rows.slice(0, heads);
  const body = rows.slice(head.length);
  return element('table', {}, section('thead', head) + section('tbody', body));
}

function section(name, rows) {
  return rows.length ? element(name, {}, rows.map((row) => element('tr', {}, cells(row))).join('')) : '';
}

function cells(row) {
  let html = '';
  row.forEach((cell) => {
    const { colspan, rowspan, scope } = cell.attrs;
    const name = cell.type.name === 'tableHeader' ? 'th' : 'td';
    html += element(name, { colspan: colspan > 1 ? colspan : null, rowspan: rowspan > 1 ? rowspan : null, scope }, contained(cell));
  });
  return html;
}

function isHead(row) {
  let all = row.childCount > 0;
  row.forEach((cell) => {
    if (cell.type.name !== 'tableHeader') all = false;
  });
  return all;
}

const MARKS = { link: 'a', bold: 'strong', italic: 'em', strike: 's', code: 'code' };

/** Text with its marks; a mark that goes on over several nodes is opened once. */
function inline(node) {
  let html = '';
  let open = [];
  node.forEach((child) => {
    let kept = 0;
    while (kept < open.length && kept < child.marks.length && open[kept].eq(child.marks[kept])) kept += 1;
    html += close(open.slice(kept));
    html += child.marks.slice(kept).map((mark) => openTag(MARKS[mark.type.name], mark.attrs)).join('');
    open = child.marks;
    html += leaf(child);
  });
  return html + close(open);
}

function leaf(node) {
  if (node.isText) return escaped(node.text);
  return node.type.name === 'image' ? image(node) : '<br>';
}

function close(marks) {
  return marks.map((mark) => `</${MARKS[mark.type.name]}>`).reverse().join('');
}

function element(name, attributes, content) {
  return `${openTag(name, attributes)}${content}</${name}>`;
}

function openTag(name, attributes) {
  let tag = `<${name}`;
  for (const attribute of ELEMENTS[name].attributes ?? []) {
    const value = attributes[attribute];
    if (value === null || value === undefined) continue;
    if (attribute === 'class' && !CLASSES[name].test(value)) continue;
    tag += ` ${attribute}="${quoted(String(value))}"`;
  }
  return `${tag}>`;
}
