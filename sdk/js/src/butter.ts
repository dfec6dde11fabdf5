/** The methods of the official SDK, under its names, and the types of what they return. */

import { Client } from "./client.js";
import type { Params } from "./question.js";
import type { CallOptions, Options } from "./settings.js";

type PrefixFields<Model extends object> = { [Path in FieldPath<Model> as `fields.${Path}`]?: unknown };

/** `hero.title` of `{ hero: { title: string } }`. */
type FieldPath<Model> = Model extends object
  ? { [Key in keyof Model & string]: Key | `${Key}.${FieldPath<NonNullable<Model[Key]>>}` }[keyof Model & string]
  : never;

export declare namespace Butter {
  interface Meta {
    next_page: number | null;
    previous_page: number | null;
    count: number;
  }

  interface Response<Data extends object | string = any> {
    data: Data;
    status: number;
    statusText: string;
    headers: Record<string, any>;
    config: Record<string, any>;
    /** Whether this is a copy that no server has confirmed. */
    stale: boolean;
  }

  interface Methods {
    /** Cancels what this resource is asking for at the moment. */
    cancelRequest(): void;
  }

  /** What every write is answered. */
  interface WriteResponse {
    status: "pending";
    id?: number;
    slug?: string;
    warnings?: string[];
  }

  interface PreviewParams {
    preview?: 1 | 0;
    locale?: string;
  }

  interface PageParams {
    page?: number;
    page_size?: number;
  }

  interface OffsetParams {
    limit?: number;
    offset?: number;
  }

  type Status = "published" | "draft" | "scheduled";

  type PostRetrieveParams = PreviewParams;

  interface PostListParams<AuthorSlug extends string = string> extends PreviewParams, PageParams, OffsetParams {
    author_slug?: AuthorSlug;
    category_slug?: string;
    tag_slug?: string;
    exclude_body?: boolean;
  }

  interface PostSearchParams extends PageParams {
    locale?: string;
    exclude_body?: boolean;
  }

  interface Post<AuthorSlug extends string = string, PostSlug extends string = string> {
    author: Omit<Author<AuthorSlug>, "recent_posts">;
    body?: string;
    categories: Category[];
    created: string;
    featured_image: string | null;
    featured_image_alt: string;
    meta_description: string;
    published: string | null;
    scheduled: string | null;
    seo_title: string;
    slug: PostSlug;
    status: Status;
    summary: string;
    tags: Tag[];
    title: string;
    updated: string | null;
    url: string | null;
    /** In searches: the higher, the better. */
    rank?: number;
  }

  interface PostNeighbour {
    slug: string;
    title: string;
    featured_image: string | null;
  }

  interface PostMeta {
    next_post: PostNeighbour | null;
    previous_post: PostNeighbour | null;
  }

  interface PostRetrieveResponse<AuthorSlug extends string = string, PostSlug extends string = string> {
    meta: PostMeta;
    data: Post<AuthorSlug, PostSlug>;
  }

  interface PostListResponse<AuthorSlug extends string = string, PostSlug extends string = string> {
    meta: Meta;
    data: Post<AuthorSlug, PostSlug>[];
  }

  interface PostSearchResponse {
    meta: Meta;
    data: Post[];
  }

  interface PostInput {
    title?: string;
    slug?: string;
    status?: "draft" | "published";
    author?: { email: string } | { slug: string };
    categories?: string[];
    tags?: string[];
    featured_image?: string;
    featured_image_alt?: string;
    body?: string;
    summary?: string;
    seo_title?: string;
    meta_description?: string;
    upload_images_to_media_library?: boolean;
  }

  interface PostMethods extends Methods {
    retrieve<PostSlug extends string = string>(
      slug: PostSlug,
      params?: PostRetrieveParams,
      call?: CallOptions,
    ): Promise<Response<PostRetrieveResponse<string, PostSlug>>>;
    list<AuthorSlug extends string = string>(
      params?: PostListParams<AuthorSlug>,
      call?: CallOptions,
    ): Promise<Response<PostListResponse<AuthorSlug>>>;
    search(query?: string, params?: PostSearchParams, call?: CallOptions): Promise<Response<PostSearchResponse>>;
    /** Needs a write token, as all that write do. */
    create(post: PostInput, call?: CallOptions): Promise<Response<WriteResponse>>;
    update(slug: string, post: PostInput, call?: CallOptions): Promise<Response<WriteResponse>>;
    delete(slug: string, call?: CallOptions): Promise<Response<any>>;
  }

  interface RecentPostsParams {
    /** Adds the 10 newest posts. */
    include?: "recent_posts";
    locale?: string;
  }

  type CategoryParams = RecentPostsParams;
  type TagParams = RecentPostsParams;
  type AuthorParams = RecentPostsParams;

  interface Category<CategorySlug extends string = string> {
    name: string;
    slug: CategorySlug;
    recent_posts?: Post[];
  }

  interface CategoryRetrieveResponse<CategorySlug extends string = string> {
    data: Category<CategorySlug>;
  }

  interface CategoryListResponse {
    data: Category[];
  }

  interface CategoryMethods extends Methods {
    retrieve<CategorySlug extends string = string>(
      slug: CategorySlug,
      params?: CategoryParams,
      call?: CallOptions,
    ): Promise<Response<CategoryRetrieveResponse<CategorySlug>>>;
    list(params?: CategoryParams, call?: CallOptions): Promise<Response<CategoryListResponse>>;
  }

  interface Tag<TagSlug extends string = string> {
    name: string;
    slug: TagSlug;
    recent_posts?: Post[];
  }

  interface TagRetrieveResponse<TagSlug extends string = string> {
    data: Tag<TagSlug>;
  }

  interface TagListResponse {
    data: Tag[];
  }

  interface TagMethods extends Methods {
    retrieve<TagSlug extends string = string>(
      slug: TagSlug,
      params?: TagParams,
      call?: CallOptions,
    ): Promise<Response<TagRetrieveResponse<TagSlug>>>;
    list(params?: TagParams, call?: CallOptions): Promise<Response<TagListResponse>>;
  }

  interface Author<AuthorSlug extends string = string> {
    first_name: string;
    last_name: string;
    email: string;
    slug: AuthorSlug;
    bio: string;
    title: string;
    linkedin_url: string;
    facebook_url: string;
    pinterest_url: string;
    instagram_url: string;
    twitter_handle: string;
    profile_image: string;
    recent_posts?: Post[];
  }

  interface AuthorRetrieveResponse<AuthorSlug extends string = string> {
    data: Author<AuthorSlug>;
  }

  interface AuthorListResponse {
    data: Author[];
  }

  interface AuthorMethods extends Methods {
    retrieve<AuthorSlug extends string = string>(
      slug: AuthorSlug,
      params?: AuthorParams,
      call?: CallOptions,
    ): Promise<Response<AuthorRetrieveResponse<AuthorSlug>>>;
    list(params?: AuthorParams, call?: CallOptions): Promise<Response<AuthorListResponse>>;
  }

  type FeedTypes = "atom" | "rss" | "sitemap";

  interface FeedParams {
    category_slug?: string;
    tag_slug?: string;
    locale?: string;
  }

  /** The XML is a text in `data`. */
  interface FeedResponse {
    data: string;
  }

  interface FeedMethods extends Methods {
    retrieve(feedType: FeedTypes, params?: FeedParams, call?: CallOptions): Promise<Response<FeedResponse>>;
  }

  interface PageRetrieveParams extends PreviewParams {
    alt_media_text?: 0 | 1;
    levels?: number;
  }

  type PageListParams<PageModel extends object = object> = PrefixFields<PageModel> &
    PageRetrieveParams &
    PageParams &
    OffsetParams & { order?: string } & { [filter: `fields.${string}`]: unknown };

  interface PageSearchParams<PageType extends string = string> extends PageRetrieveParams, PageParams, OffsetParams {
    page_type?: PageType;
  }

  interface Page<PageModel extends object = object, PageType extends string = string, PageSlug extends string = string> {
    fields: PageModel;
    name: string;
    /** `null` for single pages. */
    page_type: PageType | null;
    published: string | null;
    scheduled: string | null;
    slug: PageSlug;
    status: Status;
    updated: string | null;
  }

  interface PageRetrieveResponse<
    PageModel extends object = object,
    PageType extends string = string,
    PageSlug extends string = string,
  > {
    data: Page<PageModel, PageType, PageSlug>;
  }

  interface PageListResponse<PageModel extends object = object, PageType extends string = string> {
    meta: Meta;
    data: Page<PageModel, PageType>[];
  }

  type PageSearchResponse<PageModel extends object = object, PageType extends string = string> = PageListResponse<
    PageModel,
    PageType
  >;

  interface PageInput {
    title?: string;
    slug?: string;
    page_type?: string;
    status?: "draft" | "published" | "unpublished";
    fields?: Record<string, any>;
  }

  interface PageMethods extends Methods {
    retrieve<PageModel extends object = object, PageType extends string = string, PageSlug extends string = string>(
      page_type: PageType,
      page_slug: PageSlug,
      params?: PageRetrieveParams,
      call?: CallOptions,
    ): Promise<Response<PageRetrieveResponse<PageModel, PageType, PageSlug>>>;
    list<PageModel extends object = object, PageType extends string = string>(
      page_type: PageType,
      params?: PageListParams,
      call?: CallOptions,
    ): Promise<Response<PageListResponse<PageModel, PageType>>>;
    search<PageModel extends object = object, PageType extends string = string>(
      query?: string,
      params?: PageSearchParams<PageType>,
      call?: CallOptions,
    ): Promise<Response<PageSearchResponse<PageModel, PageType>>>;
    create(page: PageInput, call?: CallOptions): Promise<Response<WriteResponse>>;
    /** `page_type` may be `*`. */
    update(page_type: string, page_slug: string, page: PageInput, call?: CallOptions): Promise<Response<WriteResponse>>;
    delete(page_type: string, page_slug: string, call?: CallOptions): Promise<Response<any>>;
  }

  type ContentParams<ContentModel extends object = object> = PrefixFields<ContentModel> &
    PageRetrieveParams &
    PageParams & { order?: string; test?: 0 | 1 } & { [filter: `fields.${string}`]: unknown };

  type ContentItem<Model> = Model & { meta: { id: number } };

  interface ContentResponse<ContentModels extends object = object> {
    /** With one key alone. */
    meta?: Meta;
    data: { [Key in keyof ContentModels]: ContentItem<ContentModels[Key]>[] };
  }

  interface ContentInput {
    key?: string;
    status?: "draft" | "published";
    fields: Record<string, any> | Record<string, any>[];
  }

  interface ContentMethods extends Methods {
    retrieve<ContentModels extends object = Record<string, any>>(
      keys: keyof ContentModels | (keyof ContentModels)[],
      params?: ContentParams,
      call?: CallOptions,
    ): Promise<Response<ContentResponse<ContentModels>>>;
    create(items: ContentInput, call?: CallOptions): Promise<Response<WriteResponse>>;
    update(key: string, id: number, item: ContentInput, call?: CallOptions): Promise<Response<WriteResponse>>;
    delete(key: string, id: number, call?: CallOptions): Promise<Response<any>>;
  }
}

export interface ButterStatic {
  author: Butter.AuthorMethods;
  category: Butter.CategoryMethods;
  content: Butter.ContentMethods;
  feed: Butter.FeedMethods;
  page: Butter.PageMethods;
  post: Butter.PostMethods;
  tag: Butter.TagMethods;
}

/** The calls of one resource, which `cancelRequest` ends together. */
function resource(client: Client, type: string, root: string) {
  let abort = new AbortController();
  const cancelRequest = () => {
    abort.abort();
    abort = new AbortController();
  };
  const read = async (parts: unknown[], params?: Params, call: CallOptions = {}) => {
    const { signal, ...limits } = call;
    const both = joined(abort.signal, signal);
    try {
      return await client.read(type, [root, ...parts], params, { ...limits, signal: both.signal }, cancelRequest);
    } finally {
      both.release();
    }
  };
  const write = (method: string, parts: unknown[], body?: unknown, call?: CallOptions) =>
    client.write(method, [root, ...parts], body, call);
  return {
    cancelRequest,
    read,
    write,
    list: (params?: Params, call?: CallOptions) => read([], params, call),
    retrieve: (name: unknown, params?: Params, call?: CallOptions) => read([name], params, call),
    search: (query = "", params?: Params, call?: CallOptions) => read(["search"], { ...params, query }, call),
    create: (body: unknown, call?: CallOptions) => write("POST", [], body, call),
  };
}

/** Aborted when either is. `AbortSignal.any` came after Node 18. */
function joined(own: AbortSignal, given?: AbortSignal) {
  if (!given) return { signal: own, release() {} };
  const abort = new AbortController();
  const end = () => abort.abort();
  const both = [own, given];
  for (const signal of both) signal.aborted ? end() : signal.addEventListener("abort", end);
  return { signal: abort.signal, release: () => both.forEach((signal) => signal.removeEventListener("abort", end)) };
}

/** A client: `Butter("READ_TOKEN", { baseUrl: "https://cms.example.com" })`. */
export const Butter = function (apiToken: string, options: Options = {}) {
  if (!apiToken) throw new Error("larder's API token is not set");
  const client = new Client(apiToken, options);
  const make = (type: string, root: string) => resource(client, type, root);

  const { cancelRequest, list, retrieve } = make("author", "authors");
  const category = make("category", "categories");
  const tag = make("tag", "tags");
  const feed = make("feed", "feeds");
  const post = make("post", "posts");
  const page = make("page", "pages");
  const content = make("content", "content");
  return {
    author: { cancelRequest, list, retrieve },
    category: { cancelRequest: category.cancelRequest, list: category.list, retrieve: category.retrieve },
    tag: { cancelRequest: tag.cancelRequest, list: tag.list, retrieve: tag.retrieve },
    feed: { cancelRequest: feed.cancelRequest, retrieve: feed.retrieve },
    post: {
      cancelRequest: post.cancelRequest,
      list: post.list,
      retrieve: post.retrieve,
      search: post.search,
      create: post.create,
      update: (slug, body, call) => post.write("PATCH", [slug], body, call),
      delete: (slug, call) => post.write("DELETE", [slug], undefined, call),
    },
    page: {
      cancelRequest: page.cancelRequest,
      list: (type, params, call) => page.read([type], params, call),
      retrieve: (type, slug, params, call) => page.read([type, slug], params, call),
      search: page.search,
      create: page.create,
      update: (type, slug, body, call) => page.write("PATCH", [type, slug], body, call),
      delete: (type, slug, call) => page.write("DELETE", [type, slug], undefined, call),
    },
    content: {
      cancelRequest: content.cancelRequest,
      retrieve: (keys, params, call) => content.read([String(keys)], params, call),
      create: content.create,
      update: (key, id, body, call) => content.write("PATCH", [key, id], body, call),
      delete: (key, id, call) => content.write("DELETE", [key, id], undefined, call),
    },
  } as ButterStatic;
} as { (apiToken: string, options?: Options): ButterStatic; new (apiToken: string, options?: Options): ButterStatic };
