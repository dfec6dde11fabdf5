# frozen_string_literal: true

# The SDK in the conformance suite; tests/clients/README.md is the protocol.

require "json"
require "redis"
require_relative "../lib/larder-cms"

BEGIN_OF_TIME = 1_767_225_600.0
SECONDS = %w[
  timeout try_timeout backoff_base backoff_cap cool_off cool_off_cap fresh stale_while_revalidate stale_if_error store_timeout
].freeze
METHODS = {
  "post.list" => "posts.all", "post.retrieve" => "posts.find", "page.list" => "pages.list", "page.retrieve" => "pages.get",
  "content.retrieve" => "content.fetch", "feed.retrieve" => "feeds.find", "author.list" => "authors.all",
  "author.retrieve" => "authors.find", "category.list" => "categories.all", "category.retrieve" => "categories.find",
  "tag.list" => "tags.all", "tag.retrieve" => "tags.find", "post.search" => "posts.search", "page.search" => "pages.search"
}.freeze
RESOURCES = { "post" => "posts", "page" => "pages", "content" => "content" }.freeze

class StillClock
  attr_reader :random

  def initialize(random, pauses)
    @random = random
    @pauses = pauses
    @wall = BEGIN_OF_TIME
    @monotonic = 0.0
    @lock = Mutex.new
  end

  def wall = @lock.synchronize { @wall }

  def monotonic = @lock.synchronize { @monotonic }

  def pause(seconds, _cancel)
    @pauses << (seconds * 1000)
    advance(seconds)
  end

  def advance(seconds)
    @lock.synchronize do
      @wall += seconds
      @monotonic += seconds
    end
  end

  def jump(seconds) = @lock.synchronize { @wall += seconds }
end

class Driver
  def run
    $stdin.each_line do |line|
      message = JSON.parse(line)
      begin
        answer = public_send(message["op"], message)
        answer = {} unless answer.is_a?(Hash)
      rescue StandardError => error
        answer = { failed: error.full_message(highlight: false) }
      end
      puts JSON.generate({ id: message["id"], **answer })
      $stdout.flush
    end
  end

  def reset(message)
    @client = nil
    @log, @pauses, @stale = Thread::Queue.new, Thread::Queue.new, Thread::Queue.new
    @started = {}
    @clock = StillClock.new(message["random"], @pauses)
  end

  def open(message)
    given = message["options"]
    options = limits(given.except("token", "base_urls", "store"))
    options[:store] = store(given["store"]) if given.key?("store")
    @client = LarderCMS::Client.new(
      given["token"], **options, base_url: given["base_urls"], clock: @clock,
      on_log: ->(event, details) { @log << { event: event, **details } },
      on_stale: ->(stale) { @stale << { reason: stale.reason, question: stale.question } }
    )
  end

  def close(_message)
    @client = nil
  end

  def call(message) = wait_for(start_calls(message))

  def start(message)
    @started[message["name"]] = start_calls(message)
  end

  def cancel(message) = @started[message["name"]].first.cancel

  def wait(message) = wait_for(@started[message["name"]])

  def advance(message) = @clock.advance(message["ms"] / 1000.0)

  def jump(message) = @clock.jump(message["ms"] / 1000.0)

  def settle(_message) = @client.settle

  def events(_message)
    { log: @log, pauses: @pauses, stale: @stale }.transform_values { |queue| Array.new(queue.size) { queue.pop } }
  end

  private

  def limits(given)
    given.to_h { |name, value| [name.to_sym, SECONDS.include?(name) ? value / 1000.0 : value] }
  end

  def store(place)
    return if place.nil?
    return LarderCMS::FileStore.new(place["file"]) if place["file"]

    # Time-outs are the SDK's to see to.
    LarderCMS::RedisStore.new(Redis.new(url: place["redis"], timeout: 60, reconnect_attempts: 0))
  end

  def start_calls(message)
    cancel = LarderCMS::Cancel.new
    resource, verb = message["method"].split(".")
    resource, verb = METHODS.fetch(message["method"]) { "#{RESOURCES[resource]}.#{verb}" }.split(".")
    client = @client.with(**limits(message.fetch("options", {})), cancel: cancel)
    arguments = message.fetch("args", [])
    arguments += [message.fetch("params", {})] unless %w[create update delete].include?(verb)
    threads = Array.new(message.fetch("times", 1)) do
      Thread.new { outcome { client.public_send(resource).public_send(verb, *arguments) } }
    end
    [cancel, threads]
  end

  def outcome
    answer = yield
    { body: answer.json.empty? ? nil : answer.json, stale: answer.respond_to?(:stale?) && answer.stale? }
  rescue LarderCMS::Error => error
    {
      error: error.kind, status: error.status, detail: error.detail, tries: error.tries, body: error.body, message: error.message
    }
  rescue StandardError => error
    { error: "crash", message: error.full_message(highlight: false) }
  end

  def wait_for(started) = { outcomes: started.last.map(&:value) }
end

Driver.new.run
