<?php

declare(strict_types=1);

namespace LarderCMS;

use LarderCMS\Store\LimitedStore;
use LarderCMS\Store\MemoryStore;
use LarderCMS\Store\Store;

/** The store, with everything that may be wrong with it taken as "there is no copy". */
final class Copies
{
    private readonly ?Store $store;
    private float $restUntil = -INF;

    public function __construct(private readonly Settings $settings)
    {
        $this->store = $settings->store;
        if ($this->store instanceof LimitedStore) {
            $this->store->limit($settings->storeTimeout);
        }
    }

    public function load(string $key): ?Copy
    {
        return Copy::of($this->safely('get', static fn (Store $store) => $store->get($key)));
    }

    public function save(string $key, Copy $copy): void
    {
        $settings = $this->settings;
        $maxAge = max($settings->fresh + $settings->staleWhileRevalidate, $settings->staleIfError);
        $this->safely('set', static fn (Store $store) => $store->set($key, $copy->text(), $maxAge));
    }

    public function remove(string $key): void
    {
        $this->safely('delete', static fn (Store $store) => $store->delete($key));
    }

    /** @param \Closure(Store): ?string $use */
    private function safely(string $operation, \Closure $use): ?string
    {
        $clock = $this->settings->clock;
        if ($this->store === null || $clock->monotonic() < $this->restUntil) {
            return null;
        }
        if ($this->store instanceof MemoryStore) {
            return $use($this->store);
        }
        $began = hrtime(true);
        try {
            return $use($this->store);
        } catch (\Exception $problem) {
            $this->settings->log('store_error', ['operation' => $operation, 'message' => $problem->getMessage()]);
            return null;
        } finally {
            // Nobody can end what a store does here. One that was slow is not waited for again at once.
            if (hrtime(true) - $began > $this->settings->storeTimeout * 1e9) {
                $this->restUntil = $clock->monotonic() + $this->settings->coolOff;
            }
        }
    }
}
