import express from "express";
import Butter from "larder-cms";
import { fileStore } from "larder-cms/file";

const butter = Butter(process.env.LARDER_TOKEN, {
  store: fileStore(process.env.COPIES ?? ".copies"),
  onStale: ({ question, age }) => console.error(`The CMS is away: ${question} is ${Math.round(age / 1000)} s old`),
});

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

async function layout(title, main) {
  const { navigation_menu } = (await butter.content.retrieve(["navigation_menu"])).data.data;
  const links = navigation_menu[0].menu_items.map(({ label, url }) => `<a href="${escaped(url)}">${escaped(label)}</a>`);
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><nav>${links.join(" · ")}</nav><main><h1>${escaped(title)}</h1>${main}</main></html>`;
}

const app = express();

app.get("/", (_, response) => response.redirect("/blog"));

app.get("/blog", async (_, response) => {
  const posts = (await butter.post.list({ exclude_body: true })).data.data;
  const items = posts.map(({ slug, title, summary }) => `<h2><a href="/blog/${slug}">${escaped(title)}</a></h2><p>${escaped(summary)}</p>`);
  response.send(await layout("Blog", items.join("")));
});

app.get("/blog/:slug", async (request, response) => {
  const { title, body } = (await butter.post.retrieve(request.params.slug)).data.data;
  // The body is HTML that larder has cleaned.
  response.send(await layout(title, body));
});

app.use((error, _request, response, _next) => {
  const status = error.kind === "not_found" ? 404 : 503;
  response.status(status).send(status === 404 ? "There is no such page." : "Please come back in a minute.");
});

const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
