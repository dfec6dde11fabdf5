<?php

declare(strict_types=1);

namespace LarderCMS;

/** What a read asks. */
final class Question
{
    /**
     * @param string  $text path and query below `/v2`, without the token
     * @param ?string $key  in the store; null for previews, which have no copies
     */
    public function __construct(
        public readonly string $text,
        public readonly ?string $key,
        public readonly Limits $limits,
    ) {
    }
}
