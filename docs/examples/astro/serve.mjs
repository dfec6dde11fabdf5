// Serves what was built. Any web server can; this one needs nothing.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(process.env.OUT ?? "dist");

const server = createServer(async (request, response) => {
  const asked = path.join(root, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  const file = path.extname(asked) ? asked : path.join(asked, "index.html");
  const found = file.startsWith(root) && (await readFile(file).catch(() => null));
  if (!found) return response.writeHead(404).end("There is no such page.");
  response.setHeader("Content-Type", file.endsWith(".html") ? "text/html; charset=utf-8" : "application/octet-stream");
  response.end(found);
});
server.listen(process.env.PORT ?? 4321, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
