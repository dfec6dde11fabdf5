// Builds plain blocks out of whatever structure was pasted.

import { ALIASES, INLINE } from '../allow.js';
import { escaped, quoted } from '../escape.js';
import { marksOf, styleOf } from './marks.js';
import { paragraphs } from './runs.js';

const GONE = new Set((
  'script style meta link title template noscript iframe object embed svg math canvas audio video source input select '
  + 'textarea button datalist col colgroup head'
).split(' '));

/** Collects blocks `{ name, html }` in reading order. `options` as for `clean`. */
export class Flow {
  blocks = [];
  #runs = [];
  #options;
  #depth;

  constructor(options, depth = 0) {
    this.#options = options;
    this.#depth = depth;
  }

  get html() {
    this.#flush();
    return this.blocks.map(({ html }) => html).join('');
  }

  /** Adds everything inside a node. */
  addChildren(node, marks) {
    for (const child of node.childNodes) {
      if (this.#options.budget.left <= 0) return;
      if (child.nodeType === Node.TEXT_NODE) this.#addText(child.data, marks);
      else if (child.nodeType === Node.ELEMENT_NODE) this.#addElement(child, marks);
    }
  }

  #addText(data, marks) {
    const { budget } = this.#options;
    const text = data.slice(0, Math.max(budget.left, 0));
    if (/[^ \t\r\n\f]/.test(text)) budget.left -= text.length;
    this.#runs.push({ text, marks });
  }

  #addElement(element, around) {
    const name = ALIASES[element.localName] ?? element.localName;
    if (GONE.has(name) || isHidden(element)) return;
    const marks = marksOf(element, around, this.#options.formats);
    if (name === 'br') this.#runs.push({ lineBreak: true });
    else if (name === 'img') this.#addPicture(element);
    else if (element.classList.contains('Apple-converted-space')) this.#runs.push({ text: ' ', marks });
    else if (INLINE.has(element.localName) || element.localName.includes(':')) this.addChildren(element, marks);
    else this.#addBlock(name, element, marks);
  }

  #addBlock(name, element, marks) {
    this.#flush();
    const level = headingLevel(element);
    if (level) this.#addHeading(Math.min(Math.max(level + this.#options.shift, 2), 4), element, marks);
    else if (name === 'ul' || name === 'ol') this.#addList(name, element, marks);
    else if (name === 'pre') this.#addCode(element);
    else if (name === 'table') this.#addTable(element, marks);
    else if (name === 'blockquote' || /\bMso(?:Intense)?Quote\b/.test(element.className)) this.#wrap('blockquote', 'quote', element, marks);
    else if (name === 'aside') this.#wrap('aside', 'callout', element, marks);
    else if (name === 'hr') this.#allow('rule', () => this.#push('hr', '<hr>'));
    else if (name === 'figure' && element.querySelector('img')) this.#addFigure(element, marks);
    else this.addChildren(element, marks);
    this.#flush();
  }

  #allow(format, write) {
    if (this.#options.formats.has(format)) write();
  }

  #push(name, html) {
    this.blocks.push({ name, html });
  }

  #flush() {
    const runs = this.#runs;
    this.#runs = [];
    for (const html of paragraphs(runs)) this.#push('p', `<p>${html}</p>`);
  }

  #inside(element, marks) {
    const flow = new Flow(this.#options, this.#depth + 1);
    flow.addChildren(element, marks);
    flow.#flush();
    return flow.blocks;
  }

  /** A heading is one line, in no weight of its own; pictures inside it follow it. */
  #addHeading(level, element, marks) {
    const blocks = this.#inside(element, { ...marks, bold: false });
    const text = blocks.filter(({ name }) => name === 'p').map(({ html }) => html.slice(3, -4)).join(' ').replace(/<\/?strong>/g, '');
    const name = this.#options.formats.has(`h${level}`) ? `h${level}` : 'p';
    if (text) this.#push(name, `<${name}>${text}</${name}>`);
    this.blocks.push(...blocks.filter((block) => block.name !== 'p'));
  }

  #addList(name, element, marks) {
    const items = [];
    for (const child of element.childNodes) {
      const holder = child.nodeType === Node.ELEMENT_NODE && child.localName === 'li' ? child : wrapped(child);
      const blocks = this.#inside(holder, marks);
      const nested = holder !== child && /^[uo]l$/.test(child.localName ?? '');
      if (nested && items.length) items.at(-1).push(...blocks);
      else if (blocks.length) items.push(blocks);
    }
    if (!items.length) return;
    if (!this.#options.formats.has(name === 'ul' ? 'bullets' : 'numbers')) {
      this.blocks.push(...items.flat());
      return;
    }
    const start = Number.parseInt(element.getAttribute('start'), 10);
    const open = name === 'ol' && start > 1 ? `<ol start="${start}">` : `<${name}>`;
    this.#push(name, `${open}${items.map((blocks) => `<li>${contained(blocks)}</li>`).join('')}</${name}>`);
  }

  #addCode(element) {
    element.querySelectorAll('br').forEach((lineBreak) => lineBreak.replaceWith('\n'));
    const text = element.textContent.replace(/\n$/, '').slice(0, Math.max(this.#options.budget.left, 0));
    this.#options.budget.left -= text.length;
    if (!text.trim()) return;
    if (!this.#options.formats.has('codeblock')) {
      this.#push('p', `<p>${escaped(text).replaceAll('\n', '<br>')}</p>`);
      return;
    }
    const classes = `${element.className} ${element.querySelector('code')?.className ?? ''}`;
    const language = /\blang(?:uage)?-([\w+#.-]+)/.exec(classes)?.[1];
    this.#push('pre', `<pre><code${language ? ` class="language-${language}"` : ''}>${escaped(text)}</code></pre>`);
  }

  #wrap(name, format, element, marks) {
    const blocks = this.#inside(element, marks);
    const html = blocks.map((block) => block.html).join('');
    if (this.#options.formats.has(format) && html && !blocks.some((block) => block.name === 'table')) this.#push(name, `<${name}>${html}</${name}>`);
    else this.blocks.push(...blocks);
  }

  /** Tables stay tables at the outermost level; a single cell is only a box, and inner tables are their text. */
  #addTable(element, marks) {
    const rows = [...element.rows].map((row) => [...row.cells].map((cell) => ({ cell, blocks: this.#inside(cell, marksOf(cell, marks, this.#options.formats)) })));
    const cells = rows.flat();
    if (cells.length === 1 || !this.#options.formats.has('table') || this.#depth > 0) {
      this.blocks.push(...cells.flatMap(({ blocks }) => blocks));
      return;
    }
    const filled = rows.filter((row) => row.some(({ blocks }) => blocks.length) || row.some(({ cell }) => cell.rowSpan > 1));
    if (!filled.length) return;
    const heads = filled.findIndex((row) => row.some(({ cell }) => cell.localName !== 'th'));
    const cut = heads < 0 ? filled.length : heads;
    const html = section('thead', filled.slice(0, cut)) + section('tbody', filled.slice(cut));
    this.#push('table', `<table>${html}</table>`);
  }

  #addPicture(element, caption = '') {
    this.#flush();
    this.#allow('image', () => {
      const picture = this.#options.picture(element);
      if (picture) this.#push('figure', `<figure${picture.figure}><img${picture.img}>${caption && `<figcaption>${caption}</figcaption>`}</figure>`);
    });
  }

  #addFigure(element, marks) {
    const caption = element.querySelector('figcaption');
    const text = caption ? this.#inside(caption, marks).filter(({ name }) => name === 'p').map(({ html }) => html.slice(3, -4)).join('<br>') : '';
    this.#addPicture(element.querySelector('img'), text);
  }
}

/** Items and cells with a single paragraph go without its `<p>`, as in `print.js`. */
function contained(blocks) {
  const [first, ...rest] = blocks;
  const alone = first?.name === 'p' && rest.every(({ name }) => name === 'ul' || name === 'ol');
  return blocks.map(({ html }, index) => (alone && index === 0 ? html.slice(3, -4) : html)).join('');
}

function section(name, rows) {
  if (!rows.length) return '';
  return `<${name}>${rows.map((row) => `<tr>${row.map(tableCell).join('')}</tr>`).join('')}</${name}>`;
}

function tableCell({ cell, blocks }) {
  const name = cell.localName;
  const span = ['colspan', 'rowspan'].map((attribute) => {
    const count = Math.min(Number.parseInt(cell.getAttribute(attribute), 10) || 1, 1000);
    return count > 1 ? ` ${attribute}="${count}"` : '';
  }).join('');
  const scope = name === 'th' && /^(?:col|row|colgroup|rowgroup)$/.test(cell.getAttribute('scope') ?? '') ? ` scope="${quoted(cell.getAttribute('scope'))}"` : '';
  return `<${name}${span}${scope}>${contained(blocks)}</${name}>`;
}

function wrapped(node) {
  const box = node.ownerDocument.createElement('div');
  box.append(node.cloneNode(true));
  return box;
}

function isHidden(element) {
  if (element.hidden) return true;
  const style = styleOf(element);
  return style.display === 'none' || style['mso-hide'] === 'all';
}

/** The level of a heading, also of those that are paragraphs by name; 0 for anything else. */
export function headingLevel(element) {
  const own = /^h([1-6])$/.exec(element.localName)?.[1];
  if (own) return Number(own);
  if (element.getAttribute('role') === 'heading') return Number(element.getAttribute('aria-level')) || 2;
  return /\bMsoTitle\b/.test(element.className) ? 1 : 0;
}

