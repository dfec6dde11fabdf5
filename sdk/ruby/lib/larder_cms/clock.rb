# frozen_string_literal: true

module LarderCMS
  # Time and chance, replaceable in tests. Time-outs are not here: they are always real. All numbers are seconds.
  class Clock
    # Since 1970; may jump.
    def wall = Process.clock_gettime(Process::CLOCK_REALTIME)

    # Since any moment; never jumps.
    def monotonic = Process.clock_gettime(Process::CLOCK_MONOTONIC)

    # At least 0, less than 1.
    def random = Kernel.rand

    # Ends early when the Cancel is cancelled.
    def pause(seconds, cancel) = cancel.wait(seconds)
  end
end
