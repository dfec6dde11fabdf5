# frozen_string_literal: true

module LarderCMS
  # `LarderCMS::Client.new("READ_TOKEN", base_url: "https://cms.example.com").posts.all`; the options are those of Settings.
  #
  # May be used by many threads at once, and is made once, not per request: it holds connections and copies.
  class Client
    attr_reader :posts, :pages, :content, :authors, :categories, :tags, :feeds

    def initialize(token, **options)
      @settings = Settings.new(**options)
      @asking = Asking.new(token, @settings)
      @prefix = "larder:1:#{Spelling.hash(token)}:"
      @flights = Flights.new
      @renewals = {}
      @lock = Mutex.new
      limit(timeout: @settings.timeout, try_timeout: @settings.try_timeout, retries: @settings.retries, cancel: Cancel.new)
    end

    # The same client for calls with other limits: `timeout`, `try_timeout`, `retries`, and a Cancel as `cancel`.
    def with(**limits)
      clone.tap { |view| view.limit(**@limits, **limits) }
    end

    # What is at the path below `/v2`: the JSON, and whether it is a copy that no server has confirmed.
    def read(path, params = {})
      question = question(path, params)
      cancel = @limits[:cancel]
      return found(@asking.ask(question, nil, cancel)) unless question.key

      copy = @asking.copies.load(question.key)
      kept = copy && judge(question, copy)
      return found(kept) if kept

      joined = -> { @settings.log("coalesced", question: question.text) }
      # Callers with other limits do not wait for each other.
      found(@flights.join(question.to_a, cancel, joined) { |shared| @asking.ask(question, copy, shared) })
    end

    # Sends a change, once, to the primary.
    def write(method, path, body = nil) = @asking.change(method, path, body, @limits[:timeout], @limits[:cancel])

    # Waits until no copy is being renewed any more: for programs about to end.
    def settle
      until (threads = @lock.synchronize { @renewals.values }).empty?
        threads.each(&:join)
      end
    end

    protected

    def limit(**limits)
      unknown = limits.keys - %i[timeout try_timeout retries cancel]
      raise ArgumentError, "a call has no limit #{unknown.join(", ")}" unless unknown.empty?

      @limits = limits
      @posts = Posts.new(self)
      @pages = Pages.new(self)
      @content = Contents.new(self)
      @authors = Named.new(self, "authors")
      @categories = Named.new(self, "categories")
      @tags = Named.new(self, "tags")
      @feeds = Feeds.new(self)
    end

    private

    def found(found) = [Spelling.object(found.text), found.stale]

    def question(path, params)
      asked = params.transform_keys(&:to_s)
      asked.delete("auth_token")
      asked["preview"] = 1 if @settings.preview
      text = Spelling.path(path.map(&:to_s)) + Spelling.query(asked)
      drafts = Spelling.on?(asked["preview"]) || Spelling.on?(asked["test"])
      Question.new(text, drafts ? nil : @prefix + text, *@limits.values_at(:timeout, :try_timeout, :retries))
    end

    # The copy when nobody has to be waited for; an old one is renewed meanwhile.
    def judge(question, copy)
      age = @asking.age(copy)
      fresh, revalidate = @settings.fresh, @settings.stale_while_revalidate
      # 0 is never: an answer of this very moment is asked for again too.
      if fresh.positive? && age.between?(0, fresh)
        @settings.log("fresh", question: question.text)
        Found.new(copy.body, false)
      elsif revalidate.positive? && age.between?(0, fresh + revalidate)
        renew(question, copy)
        @asking.stale(question, copy, "revalidate")
      end
    end

    def renew(question, copy)
      @lock.synchronize do
        @renewals[question.key] ||= Thread.new do
          @asking.ask(question, copy, Cancel.new, may_return: false)
        rescue Error => error
          @settings.log("revalidate_failed", kind: error.kind)
        ensure
          @lock.synchronize { @renewals.delete(question.key) }
        end
      end
    end
  end
end
