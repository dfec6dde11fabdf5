import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { butterFor } from "./butter.js";
import { startSite } from "./larder.js";

describe("butter.feed", () => {
  let site, butter;
  before(async () => {
    site = await startSite();
    butter = butterFor(site);
  });
  after(() => site?.stop());

  const xml = async (name, params) => (await butter.feed.retrieve(name, params)).data.data;

  it("retrieves rss, atom and sitemap as text", async () => {
    for (const [name, root] of [["rss", "rss"], ["atom", "feed"], ["sitemap", "urlset"]]) {
      const feed = await xml(name);
      assert.ok(feed.startsWith('<?xml version="1.0" encoding="UTF-8"?>'), feed);
      assert.ok(feed.includes(`<${root} xmlns`), feed);
      assert.ok(feed.indexOf("/jam-season") < feed.indexOf("/boiling-jars"), "newest first");
      assert.ok(!feed.includes("unripe-ideas"), "no drafts");
    }
  });

  it("limits a feed to a category, a tag, a locale", async () => {
    const rss = (params) => xml("rss", params);
    assert.ok(!(await rss({ category_slug: "basics" })).includes("/jam-season"));
    assert.ok((await rss({ tag_slug: "fruit" })).includes("/jam-season"));
    const german = await rss({ locale: "de" });
    assert.ok(german.includes("/marmeladenzeit") && !german.includes("/jam-season"));
  });

  it("does not know other feeds", async () => {
    await assert.rejects(butter.feed.retrieve("gopher"), /\[detail\]: Not found\. \(404\)/);
  });
});
