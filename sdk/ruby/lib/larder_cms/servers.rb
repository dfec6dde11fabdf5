# frozen_string_literal: true

require "time"

module LarderCMS
  Server = Struct.new(:base, :faults, :rest_until)

  # Which server is asked and which is left alone for a while, and the stock of retries. Shared by all threads of a client.
  class Servers
    # The doubling is at its limit long before.
    MOST_FAULTS = 60

    def initialize(settings)
      @settings = settings
      @all = settings.addresses.map { |base| Server.new(base, 0, -Float::INFINITY) }
      @budget = settings.retry_budget
      @lock = Mutex.new
    end

    def primary = @all.first

    # The first that does not rest, else the one whose rest ends first; and whether it rests.
    def choose(now)
      @lock.synchronize do
        server = @all.min_by.with_index { |one, place| [[one.rest_until, now].max, place] }
        [server, server.rest_until > now]
      end
    end

    # For a time that doubles with each fault in a row, or as long as the server asked for.
    def rest(server, now, retry_after)
      @lock.synchronize do
        pause = [@settings.cool_off * (2.0**server.faults), @settings.cool_off_cap].min
        server.rest_until = now + [pause, retry_after].max
        server.faults = [server.faults + 1, MOST_FAULTS].min
      end
    end

    def recover(server)
      @lock.synchronize do
        server.faults = 0
        server.rest_until = -Float::INFINITY
      end
    end

    def earn
      @lock.synchronize { @budget = [@budget + @settings.retry_ratio, @settings.retry_budget].min }
    end

    # Whether there was a retry left.
    def spend
      @lock.synchronize do
        return false if @budget < 1

        @budget -= 1
        true
      end
    end

    # A Retry-After header in seconds; 0 when there is none that means anything.
    def self.retry_after(header, wall)
      return 0.0 if header.nil?
      return header.to_f if header.match?(/\A[0-9]+\z/)

      [Time.httpdate(header).to_f - wall, 0.0].max
    rescue ArgumentError
      0.0
    end
  end
end
