# frozen_string_literal: true

module LarderCMS
  # Given to calls with Client#with; `cancel` ends them from another thread.
  class Cancel
    def initialize
      @lock = Mutex.new
      @changed = ConditionVariable.new
      @listeners = []
      @cancelled = false
    end

    def cancelled? = @lock.synchronize { @cancelled }

    def cancel
      listeners = @lock.synchronize do
        @cancelled = true
        @changed.broadcast
        @listeners.slice!(0..)
      end
      listeners.each(&:call)
    end

    # Waits so many seconds, or until it is cancelled.
    def wait(seconds)
      ends = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
      @lock.synchronize do
        until @cancelled
          left = ends - Process.clock_gettime(Process::CLOCK_MONOTONIC)
          break if left <= 0

          @changed.wait(@lock, left)
        end
      end
    end

    # Calls the listener once, now if it is too late, while the block runs.
    def listening(listener)
      late = @lock.synchronize do
        @listeners << listener unless @cancelled
        @cancelled
      end
      listener.call if late
      yield
    ensure
      @lock.synchronize { @listeners.delete(listener) }
    end
  end
end
