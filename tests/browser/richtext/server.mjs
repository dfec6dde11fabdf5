// A small server in place of larder: the built assets, one page with the editor, and the two addresses it calls.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../../../assets/dist', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

// dashboard.md, section 2.3
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
  + "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'";

// A plain picture of the library, 320 by 180, large enough to click on.
const PICTURE = png(320, 180);

function png(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(8);
    out.writeUInt32BE(data.length);
    out.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  const rows = Buffer.alloc((width * 3 + 1) * height, 120);
  for (let row = 0; row < height; row += 1) rows[row * (width * 3 + 1)] = 0;
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const text = (value) => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Starts the server. `page` is what the next page holds; `media` answers uploads; `uploads` lists them. */
export async function serve() {
  const state = {
    page: {},
    pages: [],
    uploads: [],
    media: (upload) => ({ status: 200, body: { id: `m${state.uploads.length}`, url: `/media/m${state.uploads.length}`, alt: '', width: 1600, height: 900, name: upload.name, size: 5 } }),
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://larder');
    try {
      if (pathname === '/') reply(response, 200, 'text/html; charset=utf-8', html(state.page), { 'Content-Security-Policy': POLICY });
      else if (pathname === '/admin/find') {
        const wanted = searchParams.get('q').toLowerCase();
        reply(response, 200, 'application/json', JSON.stringify(state.pages.filter(({ title }) => title.toLowerCase().includes(wanted))));
      } else if (pathname === '/admin/media' && request.method === 'POST') await takeUpload(state, request, response);
      else if (pathname.startsWith('/media/')) reply(response, 200, 'image/png', PICTURE);
      else if (pathname === '/favicon.ico') reply(response, 204, 'image/png', '');
      else reply(response, 200, TYPES[extname(pathname)] ?? 'application/octet-stream', await readFile(join(DIST, pathname.split('/').pop())));
    } catch (error) {
      reply(response, 404, 'text/plain', error.message);
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { state, address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function takeUpload(state, request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString('latin1');
  const upload = {
    id: request.headers['upload-id'],
    csrf: request.headers['x-csrf-token'],
    name: /filename="([^"]*)"/.exec(body)?.[1],
    url: request.headers['content-type'] === 'application/json' ? JSON.parse(body).url : undefined,
  };
  state.uploads.push(upload);
  const { status, body: answer } = await state.media(upload);
  if (status === 0) request.socket.destroy();
  else reply(response, status, 'application/json', JSON.stringify(answer));
}

function reply(response, status, type, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': type, ...headers });
  response.end(body);
}

function html({ value = '', textarea = '', element = '', theme = 'light', look = 'paper' }) {
  return `<!doctype html><html lang="en" data-theme="${theme}"><head><meta charset="utf-8"><title>Rich text</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="csrf" content="token-1"><meta name="icons" content="/a/icons.svg">
<link rel="stylesheet" href="/a/app.css"><script src="/a/probe.js"></script><script type="module" src="/a/app.js"></script><script type="module" src="/a/editor.js"></script></head>
<body><main class="paper"><form class="post" id="form"><button type="button" id="before">Before</button>
<div class="f"><label for="body">Body</label><ld-richtext data-look="${look}" ${element}><textarea id="body" name="body" class="in" data-kind="wysiwyg" placeholder="Write, or type / to insert" ${textarea}>
${text(value)}</textarea></ld-richtext></div><button type="button" id="after">After</button></form></main>
<div class="sr" id="say" role="status"></div><div class="sr" id="say-now" role="alert"></div></body></html>`;
}
