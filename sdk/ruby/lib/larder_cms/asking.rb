# frozen_string_literal: true

module LarderCMS
  # The text of an answer, and whether it is a copy that no server has confirmed.
  Found = Struct.new(:text, :stale)

  # Asks servers as docs/clients/behaviour.md says: try after try, until an answer, a copy or the end.
  class Asking
    CLIENT = "larder-ruby/#{VERSION}".freeze

    attr_reader :settings, :copies

    def initialize(token, settings)
      raise ArgumentError, "larder's API token is not set" if token.nil? || token.empty?

      @token = token
      @settings = settings
      @servers = Servers.new(settings)
      @copies = Copies.new(settings)
      @http = Http.new
    end

    # `may_return` says whether the copy may be the answer: a renewal that fails must not renew the copy with itself.
    def ask(question, copy, cancel, may_return: true)
      clock = @settings.clock
      ends = clock.monotonic + question.timeout
      @servers.earn
      error = failed = nil
      wanted = 0.0
      tries = pauses = 0
      usable = -> { may_return && copy && age(copy) <= @settings.stale_if_error }
      loop do
        server, resting = @servers.choose(clock.monotonic)
        return stale(question, copy, "error", error) if resting && usable.call

        if error
          break if tries > question.retries

          if resting
            pause = [jitter(pauses), server.equal?(failed) ? wanted : 0.0].max
            break if clock.monotonic + pause >= ends || !@servers.spend

            pauses += 1
            @settings.log("pause", milliseconds: pause * 1000)
            clock.pause(pause, cancel)
            raise Cancelled, "The call was cancelled" if cancel.cancelled?
          end
        end
        tries += 1
        left = ends - clock.monotonic
        @settings.log("try", server: server.base, question: question.text)
        begin
          return try_once(server, question, copy, [question.try_timeout, left].min, cancel)
        rescue Cancelled
          raise
        rescue Error => caught
          error = caught
        end
        error.tries = tries
        refuse(error, server, question) if error.refusal?
        @settings.log("fault", server: server.base, kind: error.kind, status: error.status)
        failed = server
        wanted = Error.ill?(error.status || 0) ? Servers.retry_after(error.headers["retry-after"], clock.wall) : 0.0
        @servers.rest(server, clock.monotonic, wanted)
        break if error.is_a?(TimeoutError) && left <= question.try_timeout
      end
      return stale(question, copy, "error", error) if usable.call

      raise error
    end

    # Sends a change, once, to the primary.
    def change(method, path, body, timeout, cancel)
      headers = { "X-Butter-Client" => CLIENT, "Authorization" => "Token #{@token}" }
      headers["Content-Type"] = "application/json" if body
      url = "#{@servers.primary.base}/v2#{Spelling.path(path)}"
      begin
        reply = @http.send(method, url, headers, body && JSON.generate(body), timeout, cancel)
        accepted = reply.status.between?(200, 299) && (reply.object || reply.status == 204)
        raise Error.of(reply) unless accepted
      rescue Error => error
        error.tries = 1
        raise
      end
      reply.object || {}
    end

    # A copy that is returned though it may be old.
    def stale(question, copy, reason, error = nil)
      @settings.log("stale", reason: reason, question: question.text)
      age = [age(copy), 0.0].max
      @settings.on_stale&.call(Stale.new(reason: reason, age: age, question: question.text, error: error))
      Found.new(copy.body, true)
    end

    def age(copy) = @settings.clock.wall - copy.stored

    private

    # A random pause below a limit that doubles.
    def jitter(pauses)
      @settings.clock.random * [@settings.backoff_cap, @settings.backoff_base * (2.0**pauses)].min
    end

    # A refusal is an answer, and what was deleted stays deleted.
    def refuse(error, server, question)
      @servers.recover(server)
      @copies.remove(question.key) if error.is_a?(NotFound) && question.key
      raise error
    end

    def try_once(server, question, copy, limit, cancel)
      joint = question.text.include?("?") ? "&" : "?"
      url = "#{server.base}/v2#{question.text}#{joint}auth_token=#{Spelling.escape(@token)}"
      headers = { "X-Butter-Client" => CLIENT }
      etag = copy&.etag
      headers["If-None-Match"] = etag if etag
      reply = @http.send("GET", url, headers, nil, limit, cancel)
      if reply.status == 304 && etag
        @settings.log("not_modified", question: question.text)
        text, etag = copy.body, reply.headers.fetch("etag", etag)
      else
        raise Error.of(reply) unless reply.status == 200 && reply.object

        text, etag = reply.body, reply.headers["etag"]
      end
      @servers.recover(server)
      if question.key && !reply.headers.fetch("cache-control", "").downcase.include?("no-store")
        @copies.save(question.key, Copy.new(@settings.clock.wall, etag, text))
      end
      Found.new(text, false)
    end
  end
end
