# frozen_string_literal: true

module LarderCMS
  # What `on_stale` is told. `reason` is "revalidate" or "error", `age` is in seconds, `question` is path and query without
  # the token, `error` may be nil.
  Stale = Struct.new(:reason, :age, :question, :error, keyword_init: true)

  # What can be set; docs/clients/behaviour.md says exactly what each does. All times are seconds.
  class Settings
    DEFAULTS = {
      # The server, or the primary and its standbys. Without it LARDER_URL of the environment is taken.
      base_url: nil,
      # The whole call, pauses included; one request, from its first byte out to its last byte in.
      timeout: 10.0, try_timeout: 3.0,
      # Tries after the first.
      retries: 3,
      backoff_base: 0.1, backoff_cap: 2.0,
      # Retries in stock at most, and what a call adds to them.
      retry_budget: 10.0, retry_ratio: 0.1,
      cool_off: 1.0, cool_off_cap: 30.0,
      # How long a copy is as good as an answer; how long after that it is returned while it is renewed; how old it may be
      # when servers fail.
      fresh: 0.0, stale_while_revalidate: 0.0, stale_if_error: 604_800.0,
      # nil for no store at all.
      store: :memory, store_timeout: 0.25,
      # Asks for drafts in every call.
      preview: false,
      # Called with an event and its details, and with a Stale, by several threads at once.
      on_log: nil, on_stale: nil,
      clock: nil
    }.freeze

    attr_reader(*DEFAULTS.keys)

    def initialize(**options)
      unknown = options.keys - DEFAULTS.keys
      raise ArgumentError, "larder has no option #{unknown.join(", ")}" unless unknown.empty?

      DEFAULTS.merge(options).each { |name, value| instance_variable_set(:"@#{name}", value) }
      @store = MemoryStore.new if @store == :memory
      @clock ||= Clock.new
    end

    # The servers, without `/v2` and without a slash at their ends.
    def addresses
      given = base_url.nil? ? ENV.fetch("LARDER_URL", "").split(",") : Array(base_url)
      given = given.map(&:strip).reject(&:empty?)
      raise ArgumentError, "larder's address is not set: give base_url or set LARDER_URL" if given.empty?

      given.map { |address| address.sub(%r{/+\z}, "").delete_suffix("/v2") }
    end

    def log(event, **details) = on_log&.call(event, details)
  end
end
