<?php

declare(strict_types=1);

namespace LarderCMS\Store;

/** Where copies of answers are kept. Three methods are all it takes to write one; they may throw. */
interface Store
{
    /** Null when there is no copy. */
    public function get(string $key): ?string;

    /** @param float $maxAge in seconds; after it the copy is of no use */
    public function set(string $key, string $text, float $maxAge): void;

    public function delete(string $key): void;
}
