import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { butterFor } from "./butter.js";
import { startSite } from "./larder.js";

describe("butter.author, butter.category, butter.tag", () => {
  let site, butter;
  before(async () => {
    site = await startSite();
    butter = butterFor(site);
  });
  after(() => site?.stop());

  const withPosts = { include: "recent_posts" };
  const recent = (one) => one.recent_posts.map((post) => post.slug);
  const bySlug = (answer, slug) => answer.data.data.find((one) => one.slug === slug);

  it("lists authors, also those who have written nothing", async () => {
    const answer = await butter.author.list();
    assert.deepEqual(Object.keys(answer.data), ["data"]);
    const ada = bySlug(answer, "ada-keller");
    assert.equal(ada.email, "ada@example.com");
    assert.equal(ada.bio, "");
    assert.ok(!("recent_posts" in ada));
    assert.ok(bySlug(answer, "ben-idle"));
  });

  it("lists authors with their posts", async () => {
    const answer = await butter.author.list(withPosts);
    assert.deepEqual(recent(bySlug(answer, "ada-keller")), ["jam-season", "boiling-jars"]);
    assert.deepEqual(recent(bySlug(answer, "ben-idle")), []);
  });

  it("retrieves an author", async () => {
    assert.equal((await butter.author.retrieve("ada-keller")).data.data.last_name, "Keller");
    const { data } = await butter.author.retrieve("ada-keller", withPosts);
    assert.equal(data.data.recent_posts[0].body, "<p>Strawberries and sugar.</p>");
  });

  it("lists categories by name", async () => {
    const answer = await butter.category.list();
    assert.deepEqual(answer.data, { data: [{ name: "Basics", slug: "basics" }, { name: "Recipes", slug: "recipes" }] });
    assert.deepEqual(recent((await butter.category.list(withPosts)).data.data[1]), ["jam-season"]);
  });

  it("retrieves a category", async () => {
    assert.deepEqual((await butter.category.retrieve("recipes")).data, { data: { name: "Recipes", slug: "recipes" } });
    assert.deepEqual(recent((await butter.category.retrieve("recipes", withPosts)).data.data), ["jam-season"]);
  });

  it("lists tags by name", async () => {
    const answer = await butter.tag.list();
    assert.deepEqual(answer.data.data.map((tag) => tag.name), ["fruit", "glass", "safety"]);
    assert.deepEqual(recent((await butter.tag.list(withPosts)).data.data[1]), ["boiling-jars"]);
  });

  it("retrieves a tag", async () => {
    assert.deepEqual((await butter.tag.retrieve("glass")).data, { data: { name: "glass", slug: "glass" } });
    assert.deepEqual(recent((await butter.tag.retrieve("fruit", withPosts)).data.data), ["jam-season"]);
  });

  it("says which are not there", async () => {
    for (const resource of [butter.author, butter.category, butter.tag]) {
      await assert.rejects(resource.retrieve("nobody"), /\[detail\]: Not found\. \(404\)/);
    }
  });
});
