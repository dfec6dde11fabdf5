// A program on this machine that is told of changes.

import { createServer } from 'node:http';

/** What lets the server under test ask this machine. */
export const ASKS_US = { LARDER_ALLOW_PRIVATE_FETCH: '127.0.0.1' };

/** Listens on a free port and answers so until it is told otherwise; `got` holds what arrived. */
export async function receiver(status, body = '') {
  const own = { status, body, got: [] };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    own.got.push({ headers: request.headers, ...JSON.parse(text) });
    response.writeHead(own.status, body ? { 'Content-Type': 'application/json' } : {}).end(own.body);
  });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  // A test that fails ends all the same.
  server.unref();
  own.address = `http://127.0.0.1:${server.address().port}/hook`;
  own.end = () => { server.close(); server.closeAllConnections(); };
  return own;
}
