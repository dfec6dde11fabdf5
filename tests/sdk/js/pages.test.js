import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { butterFor } from "./butter.js";
import { startSite } from "./larder.js";

describe("butter.page", () => {
  let site, butter;
  before(async () => {
    site = await startSite();
    butter = butterFor(site);
  });
  after(() => site?.stop());

  const slugs = (answer) => answer.data.data.map((page) => page.slug);

  it("lists the pages of a type", async () => {
    const answer = await butter.page.list("season-page");
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data.meta, { next_page: null, previous_page: null, count: 2 });
    assert.deepEqual(slugs(answer), ["autumn", "spring"]);
  });

  it("lists single pages", async () => {
    const answer = await butter.page.list("*");
    assert.deepEqual(slugs(answer), ["about"]);
    assert.equal(answer.data.data[0].page_type, null);
  });

  it("filters and orders", async () => {
    const list = (params) => butter.page.list("season-page", params).then(slugs);
    assert.deepEqual(await list({ order: "price" }), ["spring", "autumn"]);
    assert.deepEqual(await list({ order: "-price" }), ["autumn", "spring"]);
    assert.deepEqual(await list({ "fields.mood": "calm" }), ["autumn"]);
    assert.deepEqual(await list({ "fields.seo.title": "Autumn preserves" }), ["autumn"]);
    assert.deepEqual(await list({ "fields.organic": true }), ["spring"]);
    assert.deepEqual(await list({ "fields.related.slug": "spring" }), ["autumn"]);
  });

  it("pages through the list", async () => {
    const { data } = await butter.page.list("season-page", { page: 2, page_size: 1 });
    assert.deepEqual(data.meta, { next_page: null, previous_page: 1, count: 2 });
  });

  it("retrieves a page in full", async () => {
    const page = (await butter.page.retrieve("season-page", "autumn")).data.data;
    assert.equal(page.name, "Autumn");
    assert.equal(page.page_type, "season-page");
    assert.equal(page.status, "published");
    assert.equal(page.fields.price, 7);
    assert.equal(page.fields.opens, "2026-09-22T00:00:00");
    assert.equal(page.fields.organic, false);
    assert.deepEqual(page.fields.seo, { title: "Autumn preserves", description: "What we cook in October" });
    assert.deepEqual(page.fields.blocks, [
      { type: "hero", fields: { headline: "Ladle", picture: "" } },
      { type: "quote", fields: { words: "Sticky fingers", speaker: "Ada" } },
      { type: "hero", fields: { headline: "Lid", picture: "" } },
    ]);
    assert.deepEqual(page.fields.hours, [{ day: "Monday" }, { day: "Friday" }]);
    assert.equal(page.fields.menu, null);
  });

  it("retrieves by slug alone", async () => {
    assert.equal((await butter.page.retrieve("*", "autumn")).data.data.page_type, "season-page");
    assert.equal((await butter.page.retrieve("*", "about")).data.data.name, "About us");
  });

  it("expands references as deep as asked", async () => {
    const spring = async (levels) =>
      (await butter.page.retrieve("season-page", "spring", { levels })).data.data.fields;
    assert.match((await spring(1)).menu, /^\/v2\/content\/\?keys=menu\[_id=\d+\]$/);
    assert.match((await spring(2)).menu.entries[0], /^\/v2\/content\/\?keys=menu_entry\[_id=\d+\]$/);
    assert.equal((await spring(3)).menu.entries[0].label, "Home");
    const autumn = (await butter.page.retrieve("season-page", "autumn", { levels: 1 })).data.data;
    assert.deepEqual(autumn.fields.related, ["/v2/pages/season-page/spring/"]);
  });

  it("gives alternative texts when asked", async () => {
    const picture = async (params) =>
      (await butter.page.retrieve("season-page", "autumn", params)).data.data.fields.picture;
    assert.equal(await picture(), "http://127.0.0.1:9/plums.jpg");
    assert.deepEqual(await picture({ alt_media_text: 1 }), { url: "http://127.0.0.1:9/plums.jpg", alt: "A bowl of plums" });
  });

  it("speaks the locale asked for, and falls back to none", async () => {
    const headline = async (params) =>
      (await butter.page.retrieve("season-page", "spring", params)).data.data.fields.headline;
    assert.equal(await headline(), "Rhubarb is here");
    assert.equal(await headline({ locale: "de" }), "Der Rhabarber ist da");
    assert.deepEqual(slugs(await butter.page.list("season-page", { locale: "de" })), ["spring"]);
    await assert.rejects(butter.page.retrieve("season-page", "autumn", { locale: "de" }), /Page not found\. \(404\)/);
    await assert.rejects(butter.page.list("season-page", { locale: "fr" }), /Invalid locale parameter \(400\)/);
  });

  it("shows drafts with preview and in test mode", async () => {
    await assert.rejects(butter.page.retrieve("season-page", "winter"), /Page not found\. \(404\)/);
    assert.equal((await butter.page.retrieve("season-page", "winter", { preview: 1 })).data.data.status, "draft");
    assert.equal((await butterFor(site, { testMode: true }).page.list("season-page")).data.meta.count, 3);
  });

  it("searches", async () => {
    const found = await butter.page.search("plums");
    assert.deepEqual(slugs(found), ["autumn"]);
    assert.ok(!("rank" in found.data.data[0]));
    assert.deepEqual(slugs(await butter.page.search("kitchen", { page_type: "*" })), ["about"]);
    assert.deepEqual(slugs(await butter.page.search("kitchen", { page_type: "season-page" })), []);
    assert.deepEqual(slugs(await butter.page.search("Rhabarber", { locale: "de" })), ["spring"]);
    assert.deepEqual((await butter.page.search()).data.data, []);
  });
});
