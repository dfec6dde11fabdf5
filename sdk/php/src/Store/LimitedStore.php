<?php

declare(strict_types=1);

namespace LarderCMS\Store;

/** A store that can end what takes too long. */
interface LimitedStore extends Store
{
    public function limit(float $seconds): void;
}
