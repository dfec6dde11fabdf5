<?php

declare(strict_types=1);

namespace LarderCMS\Store;

/** Copies in Redis. Needs the extension `redis`. */
final class RedisStore implements LimitedStore
{
    private ?\Redis $redis = null;
    private float $limit = 0.0;

    /** @param string|\Redis $server `redis://user:password@127.0.0.1:6379/0`, or a connection of yours */
    public function __construct(private readonly string|\Redis $server)
    {
    }

    /** For connections made here. */
    public function limit(float $seconds): void
    {
        $this->limit = $seconds;
    }

    public function get(string $key): ?string
    {
        $text = $this->ask(static fn (\Redis $redis) => $redis->get($key));
        return is_string($text) ? $text : null;
    }

    public function set(string $key, string $text, float $maxAge): void
    {
        $this->ask(static fn (\Redis $redis) => $redis->set($key, $text, ['px' => max((int) round($maxAge * 1000), 1)]));
    }

    public function delete(string $key): void
    {
        $this->ask(static fn (\Redis $redis) => $redis->del($key));
    }

    /** @param \Closure(\Redis): mixed $command */
    private function ask(\Closure $command): mixed
    {
        try {
            return $command($this->redis ??= is_string($this->server) ? $this->connect($this->server) : $this->server);
        } catch (\RedisException $problem) {
            // What was said on a broken connection cannot be known: the next command gets a new one.
            $this->redis = null;
            throw $problem;
        }
    }

    private function connect(string $address): \Redis
    {
        $parts = parse_url($address);
        $redis = new \Redis();
        $redis->connect($parts['host'] ?? '127.0.0.1', $parts['port'] ?? 6379, $this->limit, null, 0, $this->limit);
        if (defined('\Redis::OPT_MAX_RETRIES')) {
            $redis->setOption(\Redis::OPT_MAX_RETRIES, 0);
        }
        if (isset($parts['pass'])) {
            $name = $parts['user'] ?? '';
            $redis->auth($name === '' ? $parts['pass'] : [$name, $parts['pass']]);
        }
        $database = trim($parts['path'] ?? '', '/');
        if ($database !== '') {
            $redis->select((int) $database);
        }
        return $redis;
    }
}
