// Compiled by the test of the package, as an ES module and as CommonJS; never run.

import Butter, { Butter as Named, type ButterStatic, LarderError, memoryStore, type Store } from "larder-cms";
import { fileStore } from "larder-cms/file";
import { redisStore } from "larder-cms/redis";

interface Landing {
  headline: string;
  hero: { title: string };
}

const store: Store = { get: () => null, set: () => {}, delete: () => {} };
const butter: ButterStatic = Butter("TOKEN", {
  baseUrl: ["https://a.example.com", "https://b.example.com"],
  store,
  onStale: ({ reason, age }) => console.log(reason.length + age),
});
Named("TOKEN", { store: memoryStore(10), timeout: 5000 });
Named("TOKEN", { store: fileStore("/tmp/copies") });
Named("TOKEN", { store: redisStore({ sendCommand: async (words: string[]) => words }) });
Named("TOKEN", { store: redisStore({ call: async (command: string, ...words: string[]) => [command, ...words] }) });

export async function program() {
  const page = await butter.page.retrieve<Landing, "landing", "home">("landing", "home", { levels: 3 });
  const title: string = page.data.data.fields.hero.title;
  const list = await butter.page.list<Landing>("landing", { "fields.headline": "x", order: "-headline" });
  const next: number | null = list.data.meta.next_page;
  const content = await butter.content.retrieve<{ menu: { name: string } }>(["menu"]);
  const id: number = content.data.data.menu[0]!.meta.id;
  const feed: string = (await butter.feed.retrieve("rss")).data.data;
  const post: Named.Post = (await butter.post.retrieve("jam", {}, { signal: new AbortController().signal })).data.data;
  // @ts-expect-error: there is no such feed.
  await butter.feed.retrieve("gopher");
  try {
    await butter.post.create({ title: "Jam", slug: "jam", status: "draft" });
  } catch (error) {
    if (error instanceof LarderError && error.kind === "not_found") return error.detail;
    throw error;
  }
  return [title, next, id, feed, post.rank];
}
