<?php

declare(strict_types=1);

namespace LarderCMS;

/** Which server is asked and which is left alone for a while, and the stock of retries. */
final class Servers
{
    /** The doubling is at its limit long before. */
    private const MOST_FAULTS = 60;

    /** @var non-empty-list<Server> */
    private array $all;
    private float $budget;

    public function __construct(private readonly Settings $settings)
    {
        $this->all = array_map(static fn (string $base): Server => new Server($base), $settings->addresses());
        $this->budget = $settings->retryBudget;
    }

    public function primary(): Server
    {
        return $this->all[0];
    }

    /** The first that does not rest, else the one whose rest ends first. */
    public function choose(float $now): Server
    {
        $best = $this->all[0];
        foreach ($this->all as $server) {
            if ($server->restUntil <= $now) {
                return $server;
            }
            if ($server->restUntil < $best->restUntil) {
                $best = $server;
            }
        }
        return $best;
    }

    /** For a time that doubles with each fault in a row, or as long as the server asked for. */
    public function rest(Server $server, float $now, float $retryAfter): void
    {
        $pause = min($this->settings->coolOff * 2.0 ** $server->faults, $this->settings->coolOffCap);
        $server->restUntil = $now + max($pause, $retryAfter);
        $server->faults = min($server->faults + 1, self::MOST_FAULTS);
    }

    public function recover(Server $server): void
    {
        $server->faults = 0;
        $server->restUntil = -INF;
    }

    public function earn(): void
    {
        $this->budget = min($this->budget + $this->settings->retryRatio, $this->settings->retryBudget);
    }

    /** Whether there was a retry left. */
    public function spend(): bool
    {
        if ($this->budget < 1) {
            return false;
        }
        $this->budget--;
        return true;
    }

    /** A Retry-After header in seconds; 0 when there is none that means anything. */
    public static function retryAfter(?string $header, float $wall): float
    {
        if ($header === null) {
            return 0.0;
        }
        if (preg_match('/\A[0-9]+\z/', $header)) {
            return (float) $header;
        }
        $date = \DateTimeImmutable::createFromFormat('D, d M Y H:i:s \G\M\T', $header, new \DateTimeZone('UTC'));
        return $date ? max($date->getTimestamp() - $wall, 0.0) : 0.0;
    }
}
