<?php

declare(strict_types=1);

namespace LarderCMS;

/** The text of an answer, and whether it is a copy that no server has confirmed. */
final class Found
{
    public function __construct(
        public readonly string $text,
        public readonly bool $stale,
    ) {
    }
}
