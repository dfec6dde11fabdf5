// A server that speaks the draft protocol and misbehaves on demand: late answers, lost replies, refusals, restarts.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from '../../../assets/ui/node_modules/esbuild/lib/main.js';
import { Entry } from './store.mjs';
import { form, screen } from './page.mjs';

const ui = join(dirname(fileURLToPath(import.meta.url)), '../../../assets/ui');
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'";
export const USERS = { 3: { id: 3, name: 'Maja Sund', email: 'maja@example.com' }, 4: { id: 4, name: 'Ida Berg', email: 'ida@example.com' } };

let bundled;
/** The real scripts and styles, bundled once. */
function bundles() {
  const build = (file) => esbuild.build({ absWorkingDir: ui, entryPoints: [file], bundle: true, write: false, format: 'esm', external: ['*.woff2'], logLevel: 'error' }).then(({ outputFiles }) => outputFiles[0].text);
  bundled ??= Promise.all(['js/app.js', 'js/editor.js', 'css/app.css'].map(build)).then(([app, editor, css]) => ({ 'app.js': app, 'editor.js': editor, 'app.css': css }));
  return bundled;
}

const blank = () => ({ values: { '@title': '', '@slug': '' }, lists: { body: [], faq: [] } });

/** A page with two components, the second with a nested list. */
export function sample() {
  return {
    values: {
      '@title': 'Winter kitchens', '@slug': 'winter-kitchens', subtitle: 'Warm oak', intro: 'It is dark outside.', featured: false, layout: 'wide', people: ['7', '8'], tags: ['1'], story: '<p>Once upon a time.</p>',
      'body[k3f9].headline': 'A kitchen that keeps the dark out', 'body[k3f9].text': 'Warm oak', 'body[k3f9].links[q1aa].label': 'Book', 'body[k3f9].links[q1aa].url': '/book',
      'body[q2w3].text': 'We eat at home again.', 'body[q2w3].by': 'Ane', 'body[z9z9].headline': 'Visit us', 'faq[f001].label': 'How long?',
    },
    lists: { body: [{ id: 'k3f9', component: 'hero' }, { id: 'q2w3', component: 'quote' }, { id: 'z9z9', component: 'hero' }], 'body[k3f9].links': [{ id: 'q1aa' }], faq: [{ id: 'f001' }] },
  };
}

/** Starts on a free port. `faults` is a list of `{match(request) , act}`; see `fail`. */
export async function start({ doc = sample(), status = 'draft' } = {}) {
  const files = await bundles();
  const entries = new Map([['17', new Entry('17', doc)]]);
  entries.get('17').status = status;
  if (status === 'published') entries.get('17').live = entries.get('17').rev;
  const sessions = new Map([['maja', 3], ['ida', 4]]);
  const replies = new Map();
  const streams = new Set();
  const sockets = new Set();
  const people = new Map();
  const log = [];
  const self = { entries, sessions, log, violations: [], faults: [], version: '1', down: false, csrf: { 3: 'token-3', 4: 'token-4' }, expires: 3600, problems: {}, mediaUntil: null, uploads: 0, zone: 'Europe/Oslo', mayPublish: true, dir: '' , theme: 'light' };
  let nextEntry = 18;

  const server = createServer((request, response) => {
    if (self.down) {
      request.socket.destroy();
      return;
    }
    handle(request, response).catch((error) => {
      if (error.message !== 'aborted') self.violations.push(`server: ${error.stack}`);
      response.destroy();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function handle(request, response) {
    const url = new URL(request.url, 'http://x');
    const path = url.pathname;
    if (path.startsWith('/admin/assets/')) return asset(path, response);
    if (path === '/favicon.ico') return response.writeHead(204).end();
    const body = await read(request);
    const entry = { method: request.method, path, body: body.json, at: Date.now() };
    if (!path.endsWith('/live-events')) log.push(entry);
    const fault = take(entry);
    if (fault?.until) await fault.until;
    if (fault?.drop === 'before') return request.socket.destroy();
    if (fault?.status) return send(response, fault.status, fault.body ?? { message: 'Not now.' }, fault.headers);
    const answer = await route(request, response, url, body, entry);
    if (answer === undefined) return undefined;
    if (fault?.hold) await fault.hold;
    if (fault?.drop === 'after' || (self.down && request.method !== 'GET')) return request.socket.destroy();
    return send(response, answer[0], answer[1], answer[2]);
  }

  function take(entry) {
    const index = self.faults.findIndex((fault) => fault.match(entry));
    if (index < 0) return null;
    const fault = self.faults[index];
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) self.faults.splice(index, 1);
    return fault;
  }

  async function route(request, response, url, { json, buffer }, entry) {
    const { pathname: path } = url;
    const { method } = request;
    if (path === '/admin/sign-in') {
      const user = Object.values(USERS).find(({ email }) => email === json.email);
      if (!user || json.password !== 'correct horse') return [401, { message: 'Mail address and password do not go together.' }];
      const name = user.id === 3 ? 'maja' : 'ida';
      sessions.set(name, user.id);
      return [200, { csrf: self.csrf[user.id], user: { id: user.id, name: user.name } }, { 'Set-Cookie': `session=${name}; Path=/` }];
    }
    if (path === '/admin/away') return page(response, '<!doctype html><html lang="en"><title>Away</title><h1>Away</h1></html>');
    if (path === '/admin/csp') return [204, null];
    const user = USERS[sessions.get(/session=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '')];
    if (!user) return method === 'GET' && !path.includes('/draft') && !path.endsWith('live-events') ? page(response, '<title>Sign in</title><h1>Sign in</h1>') : [401, { error: 'signin' }];
    if (path === '/admin/session') return [200, { csrf: self.csrf[user.id], expires_in: self.expires, user: { id: user.id, name: user.name } }];
    if (path === '/admin/sign-out') return page(response, '<title>Out</title><h1>Signed out</h1>');
    if (method !== 'GET' && request.headers['x-csrf-token'] !== self.csrf[user.id]) return [403, { error: 'csrf' }];
    if (path === '/admin/find') return [200, [{ id: 7, title: 'Person 7', status: 'published' }, { id: 9, title: 'Ola Nord', status: 'draft', path: '/people/ola' }, { id: 11, title: 'Eva Sol', status: 'published' }].filter(({ title }) => title.toLowerCase().includes(url.searchParams.get('q').toLowerCase()))];
    if (path === '/admin/terms') return [200, { id: 50 + json.name.length, name: json.name, slug: json.name.toLowerCase() }];
    if (path === '/admin/media') {
      await self.mediaUntil;
      self.uploads += 1;
      return [200, { id: 'm1', url: '/media/m1', alt: '', width: 1600, height: 900, name: 'jars.png', size: buffer.length }];
    }
    if (path.startsWith('/media/')) return file(response, 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"><rect width="16" height="9" fill="#888"/></svg>');
    const [, type, id, rest] = /^\/admin\/c\/([^/]+)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (!type) return [404, { error: 'not found' }];
    if (id === 'draft') return draft(null, type, json, user, entry);
    const about = { type, user, csrf: self.csrf[user.id], zone: self.zone, mayPublish: self.mayPublish, dir: self.dir, theme: self.theme };
    if (id === 'new') return page(response, (url.searchParams.get('sheet') ? form : screen)({ ...about, id: 'new', doc: blank(), status: 'draft', sheet: url.searchParams.has('sheet') }));
    const found = entries.get(id);
    if (!found) return [404, { error: 'deleted' }];
    if (!rest) return page(response, screen({ ...about, id, doc: found.doc, rev: found.rev, status: found.status, scheduledAt: found.scheduledAt }));
    if (rest === 'live-events') return stream(response, url.searchParams.get('client'), user);
    if (rest === 'presence') return presence(json, user, found);
    if (rest === 'undelete') {
      found.deleted = null;
      return [200, { rev: found.rev, status: found.status }];
    }
    if (found.deleted) return [410, { error: 'deleted', ...found.deleted }];
    if (rest === 'draft') return method === 'GET' ? [200, whole(found)] : draft(found, type, json, user, entry);
    if (rest === 'check') return [200, { lines: [{ ok: Boolean(found.doc.values.subtitle), text: 'A subtitle', path: 'subtitle' }, { ok: true, text: 'Links checked' }] }];
    if (rest === 'plan') return [200, { text: 'changes 4 answers: 4 pages', count: 4 }];
    if (rest === 'links') return [200, { addresses: ['/winter-kitchens'], linked_from: [{ title: 'Home', path: '/', href: '/admin/away' }] }];
    if (rest === 'leave') {
      entries.delete(id);
      return [200, {}];
    }
    return action(found, rest, json, user);
  }

  function draft(found, type, json, user, entry) {
    const key = `${json.client}/${json.seq}`;
    if (replies.has(key)) {
      entry.repeated = true;
      return replies.get(key);
    }
    let target = found;
    if (!target) {
      target = new Entry(String(nextEntry), blank());
      entries.set(target.id, target);
      nextEntry += 1;
    }
    if (JSON.stringify(json.ops).length > 3_000_000) return [413, { message: 'This text is too long. Split it.' }];
    const { conflicts, refused, theirs } = target.save(found ? json.base : undefined, json.ops, user.name, user.id, (path) => !path.startsWith('unknown'));
    if (json.follow_slug) target.doc.values['@slug'] = target.doc.values['@title'].toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
    const saved = { rev: target.rev, id: Number(target.id), saved_at: new Date().toISOString(), slug: target.doc.values['@slug'], title: target.doc.values['@title'], status: target.status, refused, problems: self.problems, csrf: self.csrf[user.id], theirs };
    const answer = conflicts.length > 0 ? [409, { conflicts, rev: target.rev, saved, theirs }] : [200, saved];
    replies.set(key, answer);
    emit('saved', { rev: target.rev, client: json.client, user: user.id, by: user.name, at: new Date().toISOString() });
    return answer;
  }

  function whole(found) {
    const { by, at } = found.revisions.get(found.rev);
    return { rev: found.rev, status: found.status, slug: found.doc.values['@slug'], title: found.doc.values['@title'], values: found.doc.values, lists: found.doc.lists, problems: {}, by, at, scheduled_at: found.scheduledAt ?? null };
  }

  function action(found, name, json, user) {
    if (json.base !== found.rev) return [409, { error: 'changed', by: found.revisions.get(found.rev).by, at: new Date().toISOString(), rev: found.rev }];
    if (name === 'publish' && Object.keys(self.problems).length > 0) return [422, { problems: self.problems }];
    const extra = {};
    if (name === 'publish') {
      extra.undo = { action: found.live ? 'restore' : 'unpublish', body: {} };
      extra.message = 'Live in 12 ms. 4 responses refreshed.';
      Object.assign(extra, { ms: 12, refreshed: 4, published_at: new Date().toISOString() });
      found.live = found.rev;
      found.status = 'published';
    } else if (name === 'unpublish') Object.assign(found, { live: null, status: 'draft' });
    else if (name === 'schedule') Object.assign(found, { status: 'scheduled', scheduledAt: json.at });
    else if (name === 'unschedule') Object.assign(found, { status: 'draft', scheduledAt: null });
    else if (name === 'discard' || name === 'restore') Object.assign(found, { rev: found.live ?? found.rev, status: found.live ? 'published' : 'draft' });
    else if (name === 'delete') found.deleted = { by: user.name, at: new Date().toISOString() };
    else if (name === 'duplicate') extra.location = '/admin/away';
    else return [404, { message: `no action ${name}` }];
    emit({ publish: 'published', unpublish: 'unpublished', delete: 'deleted', schedule: 'scheduled' }[name] ?? 'restored', { rev: found.rev, by: user.name, user: user.id, client: json.client, at: new Date().toISOString(), status: found.status });
    return [200, { rev: found.rev, status: found.status, slug: found.doc.values['@slug'], scheduled_at: found.scheduledAt ?? null, ...extra }];
  }

  function presence(json, user, found) {
    if (json.gone) people.delete(json.client);
    else people.set(json.client, { user: user.id, name: user.name, client: json.client, field: json.field });
    emit('people', [...people.values()]);
    return [200, { people: [...people.values()], rev: found.rev, status: found.status }];
  }

  function stream(response) {
    if (self.noStreams) return [503, { error: 'no events' }];
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(':\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
    return undefined;
  }

  function emit(event, data) {
    for (const response of streams) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function page(response, html) {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' });
    response.end(html);
    return undefined;
  }

  function file(response, type, bytes) {
    response.writeHead(200, { 'Content-Type': type });
    response.end(bytes);
    return undefined;
  }

  async function asset(path, response) {
    const name = path.split('/').at(-1);
    if (name === 'icons.svg') return file(response, 'image/svg+xml', await sprite());
    if (!files[name]) return response.writeHead(404).end();
    return file(response, name.endsWith('.css') ? 'text/css' : 'text/javascript', files[name]);
  }

  function send(response, status, json, headers = {}) {
    if (response.destroyed) return;
    const text = json === null ? '' : JSON.stringify(json);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Larder-Version': self.version, ...headers });
    response.end(text);
  }

  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  return Object.assign(self, {
    origin: `http://127.0.0.1:${port}`,
    emit,
    /** Cuts every connection and answers nothing until `up`. */
    kill() {
      self.down = true;
      for (const socket of sockets) socket.destroy();
    },
    up() { self.down = false; },
    /** Something goes wrong with the next request (or `times` of them) that `match` takes: it is not looked at before
     *  `until` resolves, not answered before `hold` does, dropped 'before' or 'after' it was taken in, or refused. */
    fail(fault) { self.faults.push({ match: ({ method, path }) => path.endsWith('/draft') && method !== 'GET', ...fault }); },
    entry: (id = '17') => entries.get(id),
    value: (path, id = '17') => entries.get(id).doc.values[path],
    saves: () => log.filter(({ method, path }) => path.endsWith('/draft') && method !== 'GET'),
    stop: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(resolve);
    }),
  });
}

let icons;
function sprite() {
  icons ??= readFile(join(ui, 'icons.txt'), 'utf8').then(async (names) => {
    const symbols = await Promise.all(names.split('\n').filter(Boolean).map(async (name) => {
      const svg = await readFile(join(ui, 'node_modules/lucide-static/icons', `${name}.svg`), 'utf8');
      return `<symbol id="${name}" viewBox="0 0 24 24">${svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))}</symbol>`;
    }));
    return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
  });
  return icons;
}

function read(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('aborted')));
    request.on('end', () => {
      const buffer = Buffer.concat(chunks);
      let json = null;
      try {
        json = JSON.parse(buffer.toString());
      } catch {
        // A form or a file.
      }
      resolve({ buffer, json });
    });
  });
}
