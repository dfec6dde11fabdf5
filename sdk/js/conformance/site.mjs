// A site of one list and its posts, for the test that kills its CMS; tests/clients/README.md says what it must do.

import { createServer } from "node:http";
import Butter from "../dist/index.js";

const butter = Butter(process.env.LARDER_TOKEN);

async function page(url) {
  const [, slug] = /^\/posts\/([^/]+)$/.exec(url) ?? [];
  if (slug) return (await butter.post.retrieve(slug)).data.data.title;
  return (await butter.post.list({ exclude_body: true })).data.data.map((post) => post.slug).join("\n");
}

const server = createServer(async (request, response) => {
  try {
    response.end(await page(request.url));
  } catch (error) {
    response.writeHead(error.kind === "not_found" ? 404 : 500).end(String(error.stack));
  }
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on("end", () => process.exit(0)).resume();
