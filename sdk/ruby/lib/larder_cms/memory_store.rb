# frozen_string_literal: true

module LarderCMS
  # Keeps the copies used last in this process. A store is whatever has these three methods.
  class MemoryStore
    def initialize(entries = 500)
      @entries = entries
      # In the order of their use.
      @copies = {}
      @lock = Mutex.new
    end

    # nil when there is no copy.
    def get(key)
      @lock.synchronize do
        text = @copies.delete(key)
        @copies[key] = text if text
      end
    end

    # `max_age` is in seconds; after it the copy is of no use.
    def set(key, text, _max_age)
      @lock.synchronize do
        @copies.delete(key)
        @copies[key] = text
        @copies.shift if @copies.size > @entries
      end
    end

    def delete(key) = @lock.synchronize { @copies.delete(key) }
  end
end
