<?php

declare(strict_types=1);

namespace LarderCMS\Store;

/** Keeps the copies used last in this process: for workers and scripts. Behind a web server it lives as long as a request. */
final class MemoryStore implements Store
{
    /** @var array<string, string> in the order of their use */
    private array $copies = [];

    public function __construct(private readonly int $entries = 500)
    {
    }

    public function get(string $key): ?string
    {
        $text = $this->copies[$key] ?? null;
        if ($text !== null) {
            unset($this->copies[$key]);
            $this->copies[$key] = $text;
        }
        return $text;
    }

    public function set(string $key, string $text, float $maxAge): void
    {
        unset($this->copies[$key]);
        $this->copies[$key] = $text;
        if (count($this->copies) > $this->entries) {
            unset($this->copies[array_key_first($this->copies)]);
        }
    }

    public function delete(string $key): void
    {
        unset($this->copies[$key]);
    }
}
