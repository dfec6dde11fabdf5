import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { butterFor } from "./butter.js";
import { startSite } from "./larder.js";

describe("butter.content", () => {
  let site, butter;
  before(async () => {
    site = await startSite();
    butter = butterFor(site);
  });
  after(() => site?.stop());

  const labels = (answer) => answer.data.data.menu_entry.map((entry) => entry.label);

  it("retrieves one collection", async () => {
    const answer = await butter.content.retrieve("menu_entry");
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data.meta, { count: 3, next_page: null, previous_page: null });
    assert.deepEqual(labels(answer), ["Home", "Jams", "Shop"]);
    assert.deepEqual(Object.keys(answer.data.data.menu_entry[0]), ["meta", "label", "url"]);
  });

  it("retrieves several collections at once", async () => {
    // The SDK puts the array into the path.
    const { data } = await butter.content.retrieve(["menu", "menu_entry"]);
    assert.deepEqual(Object.keys(data), ["data"]);
    assert.deepEqual(Object.keys(data.data), ["menu", "menu_entry"]);
    assert.deepEqual(data.data.menu[0].entries.map((entry) => entry.label), ["Home", "Jams"]);
  });

  it("retrieves an array of one", async () => {
    const { data } = await butter.content.retrieve(["menu"]);
    assert.equal(data.data.menu[0].name, "Main");
  });

  it("filters, orders and pages", async () => {
    assert.deepEqual(labels(await butter.content.retrieve("menu_entry", { "fields.url": "/jams/" })), ["Jams"]);
    assert.deepEqual(labels(await butter.content.retrieve("menu_entry", { order: "-label" })), ["Shop", "Jams", "Home"]);
    const second = await butter.content.retrieve("menu_entry", { page: 2, page_size: 2 });
    assert.deepEqual(second.data.meta, { count: 3, next_page: null, previous_page: 1 });
    assert.deepEqual(labels(second), ["Shop"]);
  });

  it("keeps references unexpanded at level 1", async () => {
    const { data } = await butter.content.retrieve("menu", { levels: 1 });
    assert.match(data.data.menu[0].entries[0], /^\/v2\/content\/\?keys=menu_entry\[_id=\d+\]$/);
  });

  it("speaks the locale asked for", async () => {
    assert.deepEqual(labels(await butter.content.retrieve("menu_entry", { locale: "de" })), ["Start", "Marmeladen", "Laden"]);
    const { data } = await butter.content.retrieve(["menu"], { locale: "de" });
    assert.equal(data.data.menu[0].entries[1].label, "Marmeladen");
  });

  it("shows drafts with preview, with test and in test mode", async () => {
    const all = ["Home", "Jams", "Shop", "Secret"];
    assert.deepEqual(labels(await butter.content.retrieve("menu_entry", { preview: 1 })), all);
    assert.deepEqual(labels(await butter.content.retrieve("menu_entry", { test: 1 })), all);
    assert.deepEqual(labels(await butterFor(site, { testMode: true }).content.retrieve(["menu_entry"])), all);
  });

  it("fails as a whole for an unknown key", async () => {
    await assert.rejects(butter.content.retrieve("nothing"), /\[detail\]: Not found\. \(404\)/);
    await assert.rejects(
      butter.content.retrieve(["menu", "nothing"]),
      /\[detail\]: Content key nothing not found \(404\)/,
    );
  });
});
