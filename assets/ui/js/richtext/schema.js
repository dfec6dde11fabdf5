// Nodes and marks of the document: what a text may consist of. Typing, keys and views live elsewhere.

import { Mark, Node } from '@tiptap/core';
import { kept } from './attributes.js';
import { htmlBlockView } from './html-block.js';
import { codeBlockView } from './code-block.js';
import { figureView, imageView } from './figure.js';
import { tables } from './table.js';

const document = Node.create({ name: 'doc', topNode: true, content: '(block | outermost)+' });
const text = Node.create({ name: 'text', group: 'inline words' });

const paragraph = Node.create({
  name: 'paragraph',
  priority: 1000,
  group: 'block',
  content: 'inline*',
  parseHTML: () => [{ tag: 'p' }],
  renderHTML: () => ['p', 0],
});

const heading = Node.create({
  name: 'heading',
  group: 'block',
  content: 'inline*',
  defining: true,
  addAttributes: () => ({ level: { default: 2, rendered: false } }),
  parseHTML: () => [['h1', 2], ['h2', 2], ['h3', 3], ['h4', 4], ['h5', 4], ['h6', 4]].map(([tag, level]) => ({ tag, attrs: { level } })),
  renderHTML: ({ node }) => [`h${node.attrs.level}`, 0],
});

const hardBreak = Node.create({
  name: 'hardBreak',
  group: 'inline words',
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  parseHTML: () => [{ tag: 'br' }],
  renderHTML: () => ['br'],
  renderText: () => '\n',
});

const listItem = Node.create({
  name: 'listItem',
  content: 'block+',
  defining: true,
  parseHTML: () => [{ tag: 'li' }],
  renderHTML: () => ['li', 0],
});

const bulletList = Node.create({
  name: 'bulletList',
  group: 'block list',
  content: 'listItem+',
  parseHTML: () => [{ tag: 'ul' }],
  renderHTML: () => ['ul', 0],
});

const orderedList = Node.create({
  name: 'orderedList',
  group: 'block list',
  content: 'listItem+',
  addAttributes: () => ({
    start: { default: 1, parseHTML: (element) => Number.parseInt(element.getAttribute('start') ?? '1', 10) || 1 },
  }),
  parseHTML: () => [{ tag: 'ol' }],
  renderHTML: ({ node }) => ['ol', node.attrs.start === 1 ? {} : { start: node.attrs.start }, 0],
});

const blockquote = Node.create({
  name: 'blockquote',
  group: 'block',
  content: 'block+',
  defining: true,
  parseHTML: () => [{ tag: 'blockquote' }],
  renderHTML: () => ['blockquote', 0],
});

const callout = Node.create({
  name: 'callout',
  group: 'block',
  content: 'block+',
  defining: true,
  parseHTML: () => [{ tag: 'aside' }],
  renderHTML: () => ['aside', 0],
});

const codeBlock = Node.create({
  name: 'codeBlock',
  group: 'block',
  content: 'text*',
  marks: '',
  code: true,
  defining: true,
  addAttributes: () => ({
    language: {
      default: null,
      rendered: false,
      parseHTML: (element) => /(?:^|\s)language-([\w+#.-]+)/.exec(element.querySelector('code')?.className ?? '')?.[1] ?? null,
    },
  }),
  parseHTML: () => [{ tag: 'pre', preserveWhitespace: 'full' }],
  renderHTML: ({ node }) => ['pre', ['code', { class: node.attrs.language && `language-${node.attrs.language}` }, 0]],
  addNodeView: () => codeBlockView,
});

const horizontalRule = Node.create({
  name: 'horizontalRule',
  group: 'block',
  parseHTML: () => [{ tag: 'hr' }],
  renderHTML: () => ['hr'],
});

const picture = {
  src: kept('src'),
  alt: kept('alt'),
  width: kept('width'),
  height: kept('height'),
  asset: { default: null, parseHTML: (element) => element.getAttribute('data-asset'), renderHTML: ({ asset }) => ({ 'data-asset': asset }) },
};

const image = Node.create({
  name: 'image',
  group: 'inline',
  inline: true,
  draggable: true,
  addAttributes: () => picture,
  parseHTML: () => [{ tag: 'img[src]' }],
  renderHTML: ({ HTMLAttributes }) => ['img', HTMLAttributes],
  addNodeView() {
    const { site } = this.editor.storage.richtext;
    return (props) => imageView(props, site);
  },
});

const figure = Node.create({
  name: 'figure',
  group: 'block',
  content: 'words*',
  draggable: true,
  isolating: true,
  addAttributes() {
    const inner = Object.entries(picture).map(([name, attribute]) => [name, {
      ...attribute,
      rendered: false,
      parseHTML: (element) => attribute.parseHTML(element.querySelector('img') ?? element),
    }]);
    return {
      ...Object.fromEntries(inner),
      size: { default: null, rendered: false, parseHTML: (element) => /(?:^|\s)w-(third|half|full)(?:\s|$)/.exec(element.className)?.[1] ?? null },
      upload: { default: null, rendered: false, parseHTML: (element) => element.getAttribute('data-upload') },
    };
  },
  parseHTML: () => [{ tag: 'figure', contentElement: (element) => element.querySelector('figcaption') ?? element.ownerDocument.createElement('figcaption') }],
  renderHTML({ node }) {
    const { src, alt, width, height, asset, size, upload } = node.attrs;
    const img = ['img', { src, alt, width, height, 'data-asset': asset }];
    return ['figure', { class: size && `w-${size}`, 'data-upload': upload }, img, ['figcaption', 0]];
  },
  addNodeView() {
    const { site, pictures } = this.editor.storage.richtext;
    return (props) => figureView(props, site, pictures);
  },
});

const htmlBlock = Node.create({
  name: 'htmlBlock',
  group: 'outermost',
  atom: true,
  draggable: true,
  addAttributes: () => ({
    source: { default: '', parseHTML: (element) => element.getAttribute('data-html'), renderHTML: ({ source }) => ({ 'data-html': source }) },
  }),
  parseHTML: () => [{ tag: 'div[data-html]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes],
  renderText: ({ node }) => node.attrs.source,
  addNodeView() {
    const { mayEditHtml } = this.editor.storage.richtext;
    return (props) => htmlBlockView(props, mayEditHtml);
  },
});

const link = Mark.create({
  name: 'link',
  priority: 1000,
  inclusive: false,
  addAttributes: () => ({ href: kept('href'), rel: kept('rel'), target: kept('target') }),
  parseHTML: () => [{ tag: 'a[href]' }],
  renderHTML: ({ HTMLAttributes }) => ['a', HTMLAttributes, 0],
});

/** A mark without attributes, read from any of `tags` and shown as the first. */
function plain(name, tags, more = {}) {
  return Mark.create({ name, parseHTML: () => tags.map((tag) => ({ tag })), renderHTML: () => [tags[0], 0], ...more });
}

const bold = plain('bold', ['strong', 'b']);
const italic = plain('italic', ['em', 'i']);
const strike = plain('strike', ['s', 'del', 'strike']);
const code = plain('code', ['code', 'tt', 'kbd', 'samp'], { code: true, exitable: true });

/** All nodes and marks. What a field may not use is still read and kept; its buttons, keys and pastes are absent. */
export const SCHEMA = [
  document, text, paragraph, heading, hardBreak, bulletList, orderedList, listItem, blockquote, callout, codeBlock,
  horizontalRule, image, figure, htmlBlock, ...tables, link, bold, italic, strike, code,
];
