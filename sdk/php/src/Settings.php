<?php

declare(strict_types=1);

namespace LarderCMS;

use LarderCMS\Store\MemoryStore;
use LarderCMS\Store\Store;

/** What can be set; docs/clients/behaviour.md says exactly what each does. All times are seconds. */
final class Settings
{
    /**
     * @param string|list<string>|null                       $baseUrl              the server, or the primary and its standbys;
     *                                                                              without it LARDER_URL of the environment is taken
     * @param float                                          $timeout              the whole call, pauses included
     * @param float                                          $tryTimeout           one request, from its first byte out to its last byte in
     * @param int                                            $retries              tries after the first
     * @param float                                          $retryBudget          retries in stock at most
     * @param float                                          $retryRatio           what a call adds to them
     * @param float                                          $fresh                how long a copy is as good as an answer
     * @param float                                          $staleWhileRevalidate how long after that it is returned while it is renewed
     * @param float                                          $staleIfError         how old it may be when servers fail
     * @param ?Store                                         $store                null for none
     * @param bool                                           $preview              asks for drafts in every call
     * @param ?\Closure(string, array<string, mixed>): void  $onLog                told of everything
     * @param ?\Closure(Stale): void                         $onStale              told of every stale answer
     * @param ?\Closure(\Closure(): void): void              $defer                is given what is to be done after the visitor
     *                                                                              has the page; default: at the end of the script
     */
    public function __construct(
        public readonly string|array|null $baseUrl = null,
        public readonly float $timeout = 10.0,
        public readonly float $tryTimeout = 3.0,
        public readonly int $retries = 3,
        public readonly float $backoffBase = 0.1,
        public readonly float $backoffCap = 2.0,
        public readonly float $retryBudget = 10.0,
        public readonly float $retryRatio = 0.1,
        public readonly float $coolOff = 1.0,
        public readonly float $coolOffCap = 30.0,
        public readonly float $fresh = 0.0,
        public readonly float $staleWhileRevalidate = 0.0,
        public readonly float $staleIfError = 604_800.0,
        public readonly ?Store $store = new MemoryStore(),
        public readonly float $storeTimeout = 0.25,
        public readonly bool $preview = false,
        public readonly ?\Closure $onLog = null,
        public readonly ?\Closure $onStale = null,
        public readonly ?\Closure $defer = null,
        public readonly Clock $clock = new Clock(),
    ) {
    }

    /**
     * The servers, without `/v2` and without a slash at their ends.
     *
     * @return non-empty-list<string>
     */
    public function addresses(): array
    {
        $given = $this->baseUrl ?? explode(',', (string) getenv('LARDER_URL'));
        $addresses = [];
        foreach ((array) $given as $address) {
            $base = rtrim(trim($address), '/');
            if ($base !== '') {
                $addresses[] = str_ends_with($base, '/v2') ? substr($base, 0, -3) : $base;
            }
        }
        if (!$addresses) {
            throw new \InvalidArgumentException("larder's address is not set: give baseUrl or set LARDER_URL");
        }
        return $addresses;
    }

    /** @param array<string, mixed> $details */
    public function log(string $event, array $details): void
    {
        if ($this->onLog) {
            ($this->onLog)($event, $details);
        }
    }
}
