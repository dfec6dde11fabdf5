# frozen_string_literal: true

module LarderCMS
  # What a read of one thing is answered: its members, its `meta`, and whether it is a copy.
  class Item < Record
    attr_reader :json, :data, :meta

    def initialize(json, stale: false)
      @json = json
      @stale = stale
      @data = Record.of(json["data"])
      @meta = Record.of(json["meta"])
      super(json["data"].is_a?(Hash) ? json["data"] : {})
    end

    # Whether it is a copy that no server has confirmed.
    def stale? = @stale
  end

  # What a list is answered.
  class Collection
    include Enumerable

    attr_reader :json, :items, :meta

    def initialize(json, stale: false, of: Item)
      @json = json
      @stale = stale
      @items = Array(json["data"].is_a?(Hash) ? [json["data"]] : json["data"]).map { |one| of.new({ "data" => one }, stale: stale) }
      @meta = Record.of(json["meta"])
    end

    def stale? = @stale

    def each(&) = @items.each(&)
  end

  # What a change is answered: `status`, perhaps `id`, `slug` and `warnings`; nothing after a deletion.
  class Written < Record
    alias json to_h
  end

  # The methods of one part of the API, under the official SDK's names.
  class Resource
    def initialize(client, root = nil)
      @client = client
      @root = root
    end

    private

    def one(path, params) = shaped(Item, path, params)

    def list(path, params) = shaped(Collection, path, params)

    def shaped(kind, path, params)
      # An empty slug asks for the list, as in the official SDK.
      json, stale = @client.read(path.reject { |part| part.to_s.empty? }, params)
      kind.new(json, stale: stale)
    end

    def change(method, path, body = nil) = Written.new(@client.write(method, path.map(&:to_s), body))
  end

  # Authors, categories and tags.
  class Named < Resource
    def all(params = {}) = list([@root], params)

    def find(slug, params = {}) = one([@root, slug], params)
  end

  # The XML of `find(:rss)`, `:atom` or `:sitemap` is a text in `data`.
  class Feeds < Resource
    def find(name, params = {}) = one(["feeds", name], params)
  end

  # Methods that write need a write token.
  class Posts < Resource
    def all(params = {}) = list(["posts"], params)

    def find(slug, params = {}) = one(["posts", slug], params)

    def search(query = "", params = {}) = list(%w[posts search], { query: query }.merge(params))

    def create(post) = change("POST", ["posts"], post)

    def update(slug, changes) = change("PATCH", ["posts", slug], changes)

    def delete(slug) = change("DELETE", ["posts", slug])
  end

  # A page's type may be `*`.
  class Pages < Resource
    def list(page_type, params = {}) = shaped(Collection, ["pages", page_type], params)

    def get(page_type, slug, params = {}) = one(["pages", page_type, slug], params)

    def search(query = "", params = {}) = shaped(Collection, %w[pages search], { query: query }.merge(params))

    def create(page) = change("POST", ["pages"], page)

    def update(page_type, slug, changes) = change("PATCH", ["pages", page_type, slug], changes)

    def delete(page_type, slug) = change("DELETE", ["pages", page_type, slug])
  end

  # Collections by their keys.
  class Contents < Resource
    def fetch(keys = [], params = {}) = one(["content"], { keys: Array(keys).join(",") }.merge(params))

    def create(items) = change("POST", ["content"], items)

    def update(key, id, changes) = change("PATCH", ["content", key, id], changes)

    def delete(key, id) = change("DELETE", ["content", key, id])
  end
end
