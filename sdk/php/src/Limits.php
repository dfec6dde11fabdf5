<?php

declare(strict_types=1);

namespace LarderCMS;

/** Of a call. */
final class Limits
{
    /** @param ?\Closure(): bool $cancel looked at while the call runs; ends it when it says true */
    public function __construct(
        public readonly float $timeout,
        public readonly float $tryTimeout,
        public readonly int $retries,
        public readonly ?\Closure $cancel = null,
    ) {
    }

    public function isCancelled(): bool
    {
        return $this->cancel !== null && ($this->cancel)();
    }
}
