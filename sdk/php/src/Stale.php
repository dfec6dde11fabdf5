<?php

declare(strict_types=1);

namespace LarderCMS;

/** What `onStale` is told. */
final class Stale
{
    /**
     * @param string $reason   `revalidate` or `error`
     * @param float  $age      in seconds
     * @param string $question path and query, without the token
     */
    public function __construct(
        public readonly string $reason,
        public readonly float $age,
        public readonly string $question,
        public readonly ?LarderError $error = null,
    ) {
    }
}
