import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { butterFor } from "./butter.js";
import { startSite } from "./larder.js";

describe("errors and options of the SDK", () => {
  let site;
  before(async () => {
    site = await startSite();
  });
  after(() => site?.stop());

  const everyCall = (butter) => ({
    "author.list": () => butter.author.list(),
    "author.retrieve": () => butter.author.retrieve("ada-keller"),
    "category.list": () => butter.category.list(),
    "category.retrieve": () => butter.category.retrieve("recipes"),
    "content.retrieve": () => butter.content.retrieve("menu"),
    "feed.retrieve": () => butter.feed.retrieve("rss"),
    "page.list": () => butter.page.list("season-page"),
    "page.retrieve": () => butter.page.retrieve("season-page", "autumn"),
    "page.search": () => butter.page.search("plums"),
    "post.list": () => butter.post.list(),
    "post.retrieve": () => butter.post.retrieve("jam-season"),
    "post.search": () => butter.post.search("jam"),
    "tag.list": () => butter.tag.list(),
    "tag.retrieve": () => butter.tag.retrieve("fruit"),
  });

  it("refuses a wrong token on every call", async () => {
    for (const [name, call] of Object.entries(everyCall(butterFor(site, {}, "wrong")))) {
      await assert.rejects(call, /\[detail\]: Invalid token\. \(401\)/, name);
    }
  });

  it("accepts the write token on every call", async () => {
    for (const [name, call] of Object.entries(everyCall(butterFor(site, {}, site.writeToken)))) {
      assert.equal((await call()).status, 200, name);
    }
  });

  it("hands the error's body to the caller", async () => {
    const error = await butterFor(site).page.retrieve("season-page", "nowhere").catch((caught) => caught);
    assert.deepEqual(error.cause.data, { detail: "Page not found." });
    assert.equal(error.cause.status, 404);
  });

  it("tells the errors of parameters", async () => {
    const butter = butterFor(site);
    const refused = (call, status, detail) =>
      call.then(() => assert.fail(detail), ({ cause }) => assert.deepEqual([cause.status, cause.data], [status, { detail }]));
    await refused(butter.post.list({ page: "x" }), 400, "Invalid page parameter");
    await refused(butter.post.list({ page: 9 }), 404, "Invalid page.");
    await refused(butter.page.list("nothing"), 404, "Not found.");
    await refused(butter.page.list("season-page", { "fields.nothing": 1 }), 400, "Invalid field filter: nothing");
    await refused(butter.content.retrieve("menu", { "fields.nothing": 1 }), 403, "Invalid filter: nothing");
    await refused(
      butter.page.list("season-page", { levels: "deep" }), 400,
      "levels query parameter should be an integer between 1 and 5 (inclusive)",
    );
  });

  it("runs the hooks around a call", async () => {
    const seen = [];
    const butter = butterFor(site, {
      onRequest: async (url, { headers, options, params }) => {
        seen.push("request");
        return { headers, options, params: { ...params, page_size: 1 } };
      },
      onResponse: async (response) => seen.push(`response ${response.status}`),
      onError: (body) => seen.push(body.detail),
    });
    assert.equal((await butter.post.list()).data.data.length, 1);
    await assert.rejects(butter.post.retrieve("nowhere"));
    assert.deepEqual(seen, ["request", "response 200", "request", "Not found."]);
  });

  it("cancels a call", async () => {
    const butter = butterFor(site);
    const call = butter.post.list();
    butter.post.cancelRequest();
    await assert.rejects(call, /Request cancelled/);
  });
});
