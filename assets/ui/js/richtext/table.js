// Tables: ProseMirror's own, without column widths, shown in a box that scrolls sideways by itself.

import { Extension, Node } from '@tiptap/core';
import { goToNextCell, isInTable, tableEditing, TableMap, addRowAfter, selectedRect } from '@tiptap/pm/tables';
import { TextSelection } from '@tiptap/pm/state';
import { kept } from './attributes.js';

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Math.min(Math.max(Number.parseInt(element.getAttribute(name) ?? '1', 10) || 1, 1), 1000),
  renderHTML: (attrs) => (attrs[name] > 1 ? { [name]: attrs[name] } : {}),
});

// ProseMirror's commands read the widths; ours are always unset.
const cellAttributes = () => ({ colspan: span('colspan'), rowspan: span('rowspan'), colwidth: { default: null, rendered: false, parseHTML: () => null } });

const table = Node.create({
  name: 'table',
  group: 'outermost',
  content: 'tableRow+',
  tableRole: 'table',
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: () => ['table', ['tbody', 0]],
  addNodeView: () => () => {
    const dom = document.createElement('div');
    dom.className = 'rt-table';
    const contentDOM = document.createElement('tbody');
    dom.appendChild(document.createElement('table')).append(contentDOM);
    return { dom, contentDOM };
  },
});

const tableRow = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  tableRole: 'row',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: () => ['tr', 0],
});

const tableCell = Node.create({
  name: 'tableCell',
  content: 'block+',
  tableRole: 'cell',
  isolating: true,
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: 'td' }],
  renderHTML: ({ HTMLAttributes }) => ['td', HTMLAttributes, 0],
});

const tableHeader = Node.create({
  name: 'tableHeader',
  content: 'block+',
  tableRole: 'header_cell',
  isolating: true,
  addAttributes: () => ({ ...cellAttributes(), scope: kept('scope') }),
  parseHTML: () => [{ tag: 'th' }],
  renderHTML: ({ HTMLAttributes }) => ['th', HTMLAttributes, 0],
});

const editing = Extension.create({
  name: 'tableEditing',
  extendNodeSchema: (extension) => (extension.config.tableRole ? { tableRole: extension.config.tableRole } : {}),
  addProseMirrorPlugins: () => [tableEditing()],
});

export const tables = [table, tableRow, tableCell, tableHeader, editing];

/** A new table whose first row is a header. */
export function newTable(schema, rows, columns) {
  const cell = (type, attrs) => type.createAndFill(attrs);
  const row = (index) => schema.nodes.tableRow.create(null, Array.from({ length: columns }, () => (
    index === 0 ? cell(schema.nodes.tableHeader, { scope: 'col' }) : cell(schema.nodes.tableCell)
  )));
  return schema.nodes.table.create(null, Array.from({ length: rows }, (_, index) => row(index)));
}

/** To the next cell; from the last one into a new row. */
export function nextCell(state, dispatch) {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch)) return true;
  if (dispatch) {
    const { tableStart, bottom } = selectedRect(state);
    addRowAfter(state, (tr) => {
      const grown = tr.doc.nodeAt(tableStart - 1);
      const cell = tableStart + TableMap.get(grown).positionAt(bottom, 0, grown);
      dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(cell + 1))).scrollIntoView());
    });
  }
  return true;
}

export function previousCell(state, dispatch) {
  return goToNextCell(-1)(state, dispatch);
}

/** Turns the first row (`'row'`) or column (`'column'`) into headers with their scope, or back into cells. */
export function toggleHeader(side) {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, table: node, tableStart } = selectedRect(state);
    const other = hasHeader(state, side === 'row' ? 'column' : 'row');
    const on = !hasHeader(state, side);
    const { tableHeader: header, tableCell: plain } = state.schema.nodes;
    const length = side === 'row' ? map.width : map.height;
    const rowIsHead = side === 'row' ? on : other;
    const tr = state.tr;
    for (let index = 0; index < length; index += 1) {
      const at = map.map[side === 'row' ? index : index * map.width];
      const { colspan, rowspan } = node.nodeAt(at).attrs;
      // The corner belongs to both: it stays a header while either is on.
      const isHeader = on || (index === 0 && other);
      const scope = index === 0 ? scopeIn(rowIsHead) : scopeIn(side === 'row');
      tr.setNodeMarkup(tableStart + at, isHeader ? header : plain, { colspan, rowspan, ...(isHeader ? { scope } : {}) });
    }
    dispatch?.(tr);
    return true;
  };
}

/** Gives header cells of the table around the selection their scope where they have none. */
export function withScopes(tr) {
  const { $from } = tr.selection;
  const depth = Array.from({ length: $from.depth + 1 }, (_, index) => index).findLast((index) => $from.node(index).type.name === 'table');
  if (depth === undefined) return tr;
  const node = $from.node(depth);
  const start = $from.start(depth);
  const { map, width } = TableMap.get(node);
  for (const at of new Set(map)) {
    const cell = node.nodeAt(at);
    if (cell.type.name !== 'tableHeader' || cell.attrs.scope) continue;
    const row = Math.floor(map.indexOf(at) / width);
    const all = map.slice(row * width, (row + 1) * width).every((other) => node.nodeAt(other).type.name === 'tableHeader');
    tr.setNodeMarkup(start + at, null, { ...cell.attrs, scope: scopeIn(all) });
  }
  return tr;
}

function scopeIn(row) {
  return row ? 'col' : 'row';
}

/** Whether all cells of the first row or column are headers. */
export function hasHeader(state, side) {
  const { map, table: node } = selectedRect(state);
  const length = side === 'row' ? map.width : map.height;
  const all = (skip) => Array.from({ length: length - skip }, (_, number) => number + skip)
    .every((index) => node.nodeAt(side === 'row' ? map.map[index] : map.map[index * map.width]).type.name === 'tableHeader');
  // The corner alone says nothing: it may belong to the other side.
  return all(length > 1 ? 1 : 0);
}
