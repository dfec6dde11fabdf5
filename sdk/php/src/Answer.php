<?php

declare(strict_types=1);

namespace LarderCMS;

/** What a call was answered. */
final class Answer
{
    /**
     * @param array<string, mixed> $json  empty after a deletion
     * @param bool                 $stale whether it is a copy that no server has confirmed
     */
    public function __construct(
        public readonly array $json,
        public readonly bool $stale,
    ) {
    }
}
