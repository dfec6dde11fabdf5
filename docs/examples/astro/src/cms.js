import Butter from "larder-cms";
import { fileStore } from "larder-cms/file";

// Copies from the last build: the site can be built while the CMS is away.
export const butter = Butter(process.env.LARDER_TOKEN, { store: fileStore(process.env.COPIES ?? ".copies") });

/** Every post, whatever the size of a page of the list. */
export async function allPosts() {
  const posts = [];
  for (let page = 1; page; ) {
    const { data, meta } = (await butter.post.list({ page, page_size: 100 })).data;
    posts.push(...data);
    page = meta.next_page;
  }
  return posts;
}
