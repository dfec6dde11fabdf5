import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { butterFor } from "./butter.js";
import { startSite } from "./larder.js";

describe("butter.post", () => {
  let site, butter;
  before(async () => {
    site = await startSite();
    butter = butterFor(site);
  });
  after(() => site?.stop());

  const slugs = (answer) => answer.data.data.map((post) => post.slug);

  it("lists published posts, newest first", async () => {
    const answer = await butter.post.list();
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data.meta, { next_page: null, previous_page: null, count: 2 });
    assert.deepEqual(slugs(answer), ["jam-season", "boiling-jars"]);
    assert.equal(answer.data.data[0].author.slug, "ada-keller");
    assert.deepEqual(answer.data.data[0].categories, [{ name: "Recipes", slug: "recipes" }]);
    assert.equal(answer.data.data[0].url, "/jam-season");
  });

  it("pages through the list by page and by offset", async () => {
    const second = await butter.post.list({ page: 2, page_size: 1 });
    assert.deepEqual(second.data.meta, { next_page: null, previous_page: 1, count: 2 });
    assert.deepEqual(slugs(second), ["boiling-jars"]);

    const rest = await butter.post.list({ limit: 1, offset: 1 });
    assert.deepEqual(rest.data.meta, { count: 2, next_offset: null, previous_offset: 0 });
    assert.deepEqual(slugs(rest), ["boiling-jars"]);
  });

  it("leaves the body out when asked", async () => {
    const answer = await butter.post.list({ exclude_body: true });
    for (const post of answer.data.data) assert.ok(!("body" in post));
  });

  it("filters by author, category and tag", async () => {
    assert.deepEqual(slugs(await butter.post.list({ author_slug: "ada-keller", category_slug: "basics" })), ["boiling-jars"]);
    assert.deepEqual(slugs(await butter.post.list({ tag_slug: "fruit" })), ["jam-season"]);
    assert.deepEqual(slugs(await butter.post.list({ author_slug: "ben-idle" })), []);
  });

  it("shows drafts with preview", async () => {
    assert.deepEqual(slugs(await butter.post.list({ preview: 1 })), ["unripe-ideas", "jam-season", "boiling-jars"]);
  });

  it("shows drafts in test mode, and not to a token barred from previews", async () => {
    assert.equal((await butterFor(site, { testMode: true }).post.list()).data.meta.count, 3);
    assert.equal((await butterFor(site, { testMode: true }, site.browserToken).post.list()).data.meta.count, 2);
  });

  it("retrieves a post with its neighbours", async () => {
    const { data } = await butter.post.retrieve("jam-season");
    assert.equal(data.data.title, "Jam season");
    assert.equal(data.data.body, "<p>Strawberries and sugar.</p>");
    assert.equal(data.data.seo_title, "Jam");
    assert.equal(data.data.url, null);
    assert.deepEqual(data.meta, {
      next_post: null,
      previous_post: { slug: "boiling-jars", title: "Boiling jars", featured_image: null },
    });
  });

  it("retrieves the translation of a post", async () => {
    const { data } = await butter.post.retrieve("jam-season", { locale: "de" });
    assert.equal(data.data.slug, "marmeladenzeit");
    assert.deepEqual(slugs(await butter.post.list({ locale: "de" })), ["marmeladenzeit"]);
  });

  it("retrieves a draft with preview alone", async () => {
    await assert.rejects(butter.post.retrieve("unripe-ideas"), /\[detail\]: Not found\. \(404\)/);
    assert.equal((await butter.post.retrieve("unripe-ideas", { preview: 1 })).data.data.status, "draft");
  });

  it("searches", async () => {
    const { data } = await butter.post.search("strawberries");
    assert.equal(data.meta.count, 1);
    assert.equal(data.data[0].slug, "jam-season");
    assert.equal(typeof data.data[0].rank, "number");
    assert.equal((await butter.post.search("strawberries", { page: 1, page_size: 1 })).data.data.length, 1);
  });

  it("finds nothing for the SDK's default query, which is empty", async () => {
    const { data } = await butter.post.search();
    assert.deepEqual(data, { meta: { next_page: null, previous_page: null, count: 0 }, data: [] });
  });
});
