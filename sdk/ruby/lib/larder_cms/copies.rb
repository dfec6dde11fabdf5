# frozen_string_literal: true

require "json"

module LarderCMS
  # The last good answer to a question, as it is kept. `stored` is seconds since 1970, `body` the answer's text.
  Copy = Struct.new(:stored, :etag, :body) do
    def text = JSON.generate({ stored: (stored * 1000).round, etag: etag, body: body })

    # nil for everything that is not a whole copy.
    def self.of(text)
      held = text && Spelling.object(text)
      return if held.nil?

      stored, etag, body = held.values_at("stored", "etag", "body")
      return unless stored.is_a?(Numeric) && body.is_a?(String) && Spelling.object(body)

      new(stored / 1000.0, etag.is_a?(String) ? etag : nil, body)
    end
  end

  # The store, with everything that may be wrong with it taken as "there is no copy".
  class Copies
    def initialize(settings)
      @settings = settings
      @store = settings.store
      @rest_until = -Float::INFINITY
    end

    def load(key) = Copy.of(safely("get") { @store.get(key) })

    def save(key, copy)
      max_age = [@settings.fresh + @settings.stale_while_revalidate, @settings.stale_if_error].max
      safely("set") { @store.set(key, copy.text, max_age) }
    end

    def remove(key) = safely("delete") { @store.delete(key) }

    private

    def safely(operation, &use)
      return if @store.nil? || @settings.clock.monotonic < @rest_until
      return use.call if @store.is_a?(MemoryStore)

      within(@settings.store_timeout, operation, use)
    rescue StandardError => error
      @settings.log("store_error", operation: operation, message: error.message)
      nil
    end

    # What hangs is ended: a client of Redis drops its connection then.
    def within(seconds, operation, use)
      thread = Thread.new { use.call }
      thread.report_on_exception = false
      return thread.value if thread.join(seconds)

      thread.kill
      # Waiting for it each time would slow every call.
      @rest_until = @settings.clock.monotonic + @settings.cool_off
      @settings.log("store_error", operation: operation, message: "no answer within #{seconds} s")
      nil
    end
  end
end
