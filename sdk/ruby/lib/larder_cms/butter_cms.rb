# frozen_string_literal: true

require "logger"

# The official SDK's module, so that migration is one line: `require "larder-cms"` instead of "buttercms-ruby".
#
#   ButterCMS.api_token = "READ_TOKEN" # and LARDER_URL in the environment
#   ButterCMS::Post.all(page: 1).first.title
module ButterCMS
  Error = LarderCMS::Error
  NotFound = LarderCMS::NotFound
  Unauthorized = LarderCMS::Unauthorized
  BadRequest = LarderCMS::BadRequest

  @options = {}
  @lock = Mutex.new

  class << self
    attr_reader :api_token, :write_api_token, :test_mode, :read_timeout, :data_store
    # Of the official SDK. A try has one limit, `read_timeout`.
    attr_accessor :open_timeout
    attr_writer :logger

    def api_token=(token)
      change { @api_token = token }
    end

    def write_api_token=(token)
      change { @write_api_token = token }
    end

    def test_mode=(on)
      change { @test_mode = on }
    end

    # Limits one try, in seconds.
    def read_timeout=(seconds)
      change { @read_timeout = seconds }
    end

    # Options of LarderCMS::Settings: `ButterCMS.configure(base_url: [...], stale_if_error: 3600)`.
    def configure(**options)
      change { @options = @options.merge(options) }
    end

    # `:yaml, "folder"` for files, `:redis, "redis://..."` with the gem `redis`, or any store.
    def data_store=(given)
      kind, place = given
      store =
        case kind
        when :yaml then LarderCMS::FileStore.new(place)
        when :redis, :redis_ssl then redis_store(place)
        when Symbol then raise ArgumentError, "Invalid ButterCMS data store #{kind}"
        else given
        end
      change { @data_store = store }
    end

    def logger
      @logger ||= Logger.new($stdout, progname: "ButterCMS")
    end

    # Behind the classes of this module.
    def client
      raise ArgumentError, "Please set your API token" unless api_token

      @lock.synchronize { @client ||= LarderCMS::Client.new(api_token, **settings) }
    end

    def write_client
      raise ArgumentError, "Please set your write API token" unless write_api_token

      @lock.synchronize { @write_client ||= LarderCMS::Client.new(write_api_token, **settings) }
    end

    private

    def change
      @lock.synchronize do
        yield
        @client = @write_client = nil
      end
    end

    def settings
      set = { on_stale: ->(stale) { logger.warn("#{stale.question} is #{stale.age.round} s old: #{stale.error}") } }
      set[:try_timeout] = read_timeout if read_timeout
      set[:preview] = true if test_mode
      set[:store] = data_store if data_store
      set.merge(@options)
    end

    def redis_store(address)
      require "redis"
      LarderCMS::RedisStore.new(Redis.new(url: address))
    end
  end

  # Methods of the client's resources as methods of a class.
  class Facade
    class << self
      private

      def reads(resource, *names)
        names.each { |name| define_singleton_method(name) { |*args| ButterCMS.client.public_send(resource).public_send(name, *args) } }
      end

      def writes(resource, *names)
        names.each do |name|
          define_singleton_method(name) { |*args| ButterCMS.write_client.public_send(resource).public_send(name, *args) }
        end
      end
    end
  end
  private_constant :Facade

  class Post < Facade
    reads :posts, :all, :find, :search
    writes :posts, :create, :update, :delete
  end

  class Page < Facade
    reads :pages, :list, :get, :search
    writes :pages, :create

    # The official SDK does not name the page's type.
    def self.update(slug, changes) = ButterCMS.write_client.pages.update("*", slug, changes)

    def self.delete(slug) = ButterCMS.write_client.pages.delete("*", slug)
  end

  class Content < Facade
    reads :content, :fetch
    writes :content, :create, :update, :delete
  end

  class Author < Facade
    reads :authors, :all, :find
  end

  class Category < Facade
    reads :categories, :all, :find
  end

  class Tag < Facade
    reads :tags, :all, :find
  end

  class Feed < Facade
    reads :feeds, :find
  end
end
