// The operations an editor sends, as dashboard protocol §3 spells them, and how waiting ones merge.

/** What an operation is about: the path of a value, or `list[id]` for the place of an element. */
export function keyOf(op) {
  return op.op === 'set' ? op.path : `${op.list}[${op.id}]`;
}

/** Whether `path` is `key` itself or lies inside it: `body[k3f9].links` inside `body[k3f9]`. */
export function within(path, key) {
  return path === key || (path.startsWith(key) && (path[key.length] === '.' || path[key.length] === '['));
}

/** Adds `op` to the operations waiting to be sent, which mean the same afterwards with as few as possible. */
export function merged(waiting, op) {
  switch (op.op) {
    case 'set': return mergeSet(waiting, op);
    case 'move': return mergeMove(waiting, op);
    case 'remove': return mergeRemove(waiting, op);
    default: return [...waiting, op];
  }
}

/** Several operations, added one after the other. */
export function mergedAll(waiting, ops) {
  return ops.reduce(merged, waiting);
}

function mergeSet(waiting, op) {
  for (let at = waiting.length - 1; at >= 0; at -= 1) {
    const earlier = waiting[at];
    if (earlier.op === 'set' && earlier.path === op.path) return waiting.with(at, op);
    // What was set before an element came or went is another value than what is set after.
    if (earlier.op !== 'set' && earlier.op !== 'move' && within(op.path, keyOf(earlier))) break;
  }
  return [...waiting, op];
}

function mergeMove(waiting, op) {
  const last = waiting.at(-1);
  if (last && last.op !== 'set' && last.op !== 'remove' && keyOf(last) === keyOf(op)) {
    return waiting.with(-1, { ...last, after: op.after });
  }
  return [...waiting, op];
}

function mergeRemove(waiting, op) {
  const key = keyOf(op);
  const inserted = waiting.findLast((earlier) => earlier.op === 'insert' && keyOf(earlier) === key);
  if (!inserted) {
    // A move stays: what was put behind the element needs it to be there.
    return [...waiting.filter((earlier) => earlier.op === 'move' || !inside(earlier, key)), op];
  }
  const from = waiting.indexOf(inserted);
  return waiting
    .filter((earlier, at) => at < from || !inside(earlier, key))
    .map((later) => (later.list === op.list && later.after === op.id ? { ...later, after: inserted.after } : later));
}

function inside(op, key) {
  return within(op.op === 'set' ? op.path : keyOf(op), key);
}

/** The same value, as far as the server can tell: nothing, null and blank text are alike. */
export function sameValue(a, b) {
  return plain(a) === plain(b);
}

function plain(value) {
  if (value === null || value === undefined || value === '') return 'null';
  if (Array.isArray(value) && value.length === 0) return 'null';
  if (typeof value === 'object' && !Array.isArray(value) && 'url' in value) {
    return value.url ? JSON.stringify([value.url, value.alt ?? '', Boolean(value.decorative)]) : 'null';
  }
  return JSON.stringify(typeof value === 'number' ? String(value) : value);
}

/** A new id for an element of a list. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
