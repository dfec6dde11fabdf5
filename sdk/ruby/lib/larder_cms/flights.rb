# frozen_string_literal: true

module LarderCMS
  # One request on its way, and everybody who waits for its answer. It runs in a thread of its own, so that whoever began
  # it can leave like all others.
  class Flight
    attr_accessor :waiting
    attr_reader :cancel

    def initialize
      @waiting = 0
      @cancel = Cancel.new
      @lock = Mutex.new
      @changed = ConditionVariable.new
      @landed = false
    end

    def start(land)
      Thread.new do
        Thread.current.report_on_exception = false
        begin
          @found = yield @cancel
        rescue Exception => error # rubocop:disable Lint/RescueException
          @error = error
        end
        land.call
        @lock.synchronize do
          @landed = true
          @changed.broadcast
        end
      end
    end

    # What was found, for everyone; nil when `cancel` is cancelled before.
    def wait(cancel)
      wake = -> { @lock.synchronize { @changed.broadcast } }
      cancel.listening(wake) do
        @lock.synchronize { @changed.wait(@lock) until @landed || cancel.cancelled? }
      end
      return if cancel.cancelled?
      # One of its own for each caller: raising it writes into it.
      raise @error.dup if @error

      @found
    end
  end

  # The questions that are asked at the moment, each once for all who wait for its answer.
  class Flights
    def initialize
      @flights = {}
      @lock = Mutex.new
    end

    # Waits for the flight of that name, and starts it with the block when there is none. `joined` is called when there was
    # one. A caller that cancels leaves; the flight goes on while anybody waits for it.
    def join(name, cancel, joined, &fly)
      flight = nil
      known = @lock.synchronize do
        known = @flights.key?(name)
        flight = @flights[name] ||= Flight.new
        flight.waiting += 1
        known
      end
      known ? joined.call : flight.start(-> { land(name, flight) }, &fly)
      found = flight.wait(cancel)
      return found if found

      leave(name, flight)
      raise Cancelled, "The call was cancelled"
    end

    private

    def land(name, flight)
      @lock.synchronize { @flights.delete(name) if @flights[name].equal?(flight) }
    end

    def leave(name, flight)
      @lock.synchronize do
        flight.waiting -= 1
        return unless flight.waiting.zero?

        # Who asks from now on needs an answer of its own.
        @flights.delete(name) if @flights[name].equal?(flight)
      end
      flight.cancel.cancel
    end
  end
end
