# frozen_string_literal: true

module LarderCMS
  # Copies in Redis, by a client of the gem `redis`, which is yours to install and to set up.
  class RedisStore
    def initialize(redis)
      @redis = redis
    end

    def get(key) = @redis.get(key)

    def set(key, text, max_age)
      @redis.set(key, text, px: [(max_age * 1000).round, 1].max)
    end

    def delete(key) = @redis.del(key)
  end
end
