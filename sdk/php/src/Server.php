<?php

declare(strict_types=1);

namespace LarderCMS;

final class Server
{
    public int $faults = 0;
    public float $restUntil = -INF;

    /** @param string $base without `/v2` and without a slash at its end */
    public function __construct(public readonly string $base)
    {
    }
}
