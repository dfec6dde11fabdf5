// One entry in memory with revisions, merged as the draft protocol says: ops against (base, newest).

const at = (list, id) => `${list}[${id}]`;
const inside = (path, key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`);
const same = (a, b) => norm(a) === norm(b);
const norm = (v) => (v === null || v === undefined || v === '' || (Array.isArray(v) && v.length === 0) ? 'null' : typeof v === 'object' && 'url' in v && !v.url ? 'null' : JSON.stringify(v));

/** A document: `values` by path, `lists` by path as `[{id, component}]`. */
export class Entry {
  constructor(id, doc) {
    this.id = id;
    this.revisions = new Map();
    this.next = 40;
    this.status = 'draft';
    this.live = null;
    this.deleted = null;
    this.add(doc, 'Maja Sund', '3');
  }

  get doc() {
    return this.revisions.get(this.rev).doc;
  }

  add(doc, by, user) {
    this.next += 1;
    this.rev = this.next;
    this.revisions.set(this.rev, { doc, by, user, at: new Date().toISOString() });
    if (this.live && this.status === 'published') this.status = 'changed';
    return this.rev;
  }

  /** Applies ops; returns `{conflicts, refused, theirs}`. */
  save(base, ops, by, user, known = () => true) {
    const newest = structuredClone(this.doc);
    const before = this.revisions.get(base)?.doc ?? null;
    const meta = this.revisions.get(this.rev);
    const start = structuredClone(this.doc);
    const conflicts = [];
    const refused = {};
    const touched = new Set();
    const clash = (path, theirs, what) => conflicts.push({ path, theirs, theirs_text: text(theirs), by: meta.by, at: meta.at, what });
    for (const op of ops) {
      if (op.op === 'set') {
        touched.add(op.path);
        const gone = this.missing(newest, op.path);
        if (gone) {
          if (before && !this.missing(before, op.path)) clash(gone, null, 'removed');
          else refused[op.path] = 'This part was removed meanwhile.';
        } else if (!known(op.path)) refused[op.path] = 'This field was renamed or removed meanwhile.';
        else if (op.path.endsWith('.price') && op.value && Number.isNaN(Number(op.value))) refused[op.path] = 'This is not a number.';
        else if (!same(before?.values[op.path], start.values[op.path]) && !same(start.values[op.path], op.value)) clash(op.path, start.values[op.path] ?? null, 'changed');
        else newest.values[op.path] = op.value;
        continue;
      }
      const list = newest.lists[op.list] ??= [];
      const key = at(op.list, op.id);
      touched.add(key);
      const index = list.findIndex(({ id }) => id === op.id);
      const after = op.after ? list.findIndex(({ id }) => id === op.after) : -1;
      if (op.op === 'insert') {
        if (index < 0) list.splice(op.after && after < 0 ? list.length : after + 1, 0, { id: op.id, component: op.component });
        for (const [rel, value] of Object.entries(flat(op.value))) {
          newest.values[`${key}.${rel}`] = value;
          touched.add(`${key}.${rel}`);
        }
      } else if (op.op === 'move' && index >= 0) {
        const [element] = list.splice(index, 1);
        const to = op.after ? list.findIndex(({ id }) => id === op.after) : -1;
        list.splice(to + 1, 0, element);
      } else if (op.op === 'remove' && index >= 0) {
        list.splice(index, 1);
        for (const map of [newest.values, newest.lists]) for (const path of Object.keys(map)) if (inside(path, key)) delete map[path];
      }
    }
    const theirs = base === undefined ? [] : this.between(before, newest, touched, new Set(conflicts.map(({ path }) => path)), meta);
    this.add(newest, by, user);
    return { conflicts, refused, theirs };
  }

  /** The removed element a path lies in, or null. */
  missing(doc, path) {
    for (const found of path.matchAll(/\[([^\]]+)\]/g)) {
      const list = path.slice(0, found.index);
      if (!(doc.lists[list] ?? []).some(({ id }) => id === found[1])) return at(list, found[1]);
    }
    return null;
  }

  between(before, now, touched, conflicting, meta) {
    const theirs = [];
    for (const [path, order] of Object.entries(now.lists)) {
      const mine = [...touched].some((key) => key.startsWith(`${path}[`) && key.endsWith(']'));
      if (!before || (JSON.stringify(before.lists[path] ?? []) !== JSON.stringify(order) && !mine)) theirs.push({ path, order, by: meta.by, at: meta.at });
    }
    for (const [path, value] of Object.entries(now.values)) {
      if (touched.has(path) || conflicting.has(path)) continue;
      if (!before || !same(before.values[path], value)) theirs.push({ path, value, text: text(value), by: meta.by, at: meta.at });
    }
    return theirs;
  }
}

function flat(value, prefix = '') {
  const all = {};
  for (const [key, inner] of Object.entries(value ?? {})) {
    if (inner && typeof inner === 'object' && !Array.isArray(inner) && !('url' in inner)) Object.assign(all, flat(inner, `${prefix}${key}.`));
    else all[prefix + key] = inner;
  }
  return all;
}

function text(value) {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value).replace(/<[^>]+>/g, '');
}
