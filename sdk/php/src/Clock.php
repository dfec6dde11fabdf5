<?php

declare(strict_types=1);

namespace LarderCMS;

/** Time and chance, replaceable in tests. Time-outs are not here: they are always real. All numbers are seconds. */
class Clock
{
    /** Since 1970; may jump. */
    public function wall(): float
    {
        return microtime(true);
    }

    /** Since any moment; never jumps. */
    public function monotonic(): float
    {
        return hrtime(true) / 1e9;
    }

    /** At least 0, less than 1. */
    public function random(): float
    {
        return mt_rand() / (mt_getrandmax() + 1);
    }

    public function pause(float $seconds): void
    {
        usleep((int) round($seconds * 1e6));
    }
}
