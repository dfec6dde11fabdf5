<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/**
 * Collections by their keys: `getCollection('menu')->getItems()`, or as arrays: `$response['menu'][0]['label']`. Earlier
 * official SDKs have the one, later ones the other.
 *
 * @implements \ArrayAccess<string, mixed>
 * @implements \IteratorAggregate<string, mixed>
 */
final class CollectionsResponse extends Model implements \ArrayAccess, \IteratorAggregate
{
    /** @return list<Collection> */
    public function getCollections(): array
    {
        $collections = [];
        foreach ($this->list('data') as $key => $items) {
            $collections[] = new Collection(['key' => $key, 'items' => $items]);
        }
        return $collections;
    }

    public function getCollection(string $key): ?Collection
    {
        return $this->offsetExists($key) ? new Collection(['key' => $key, 'items' => $this[$key]]) : null;
    }

    public function offsetExists(mixed $key): bool
    {
        return isset($this->list('data')[$key]);
    }

    public function offsetGet(mixed $key): mixed
    {
        return $this->list('data')[$key] ?? null;
    }

    public function offsetSet(mixed $key, mixed $value): never
    {
        throw new \LogicException('An answer cannot be changed.');
    }

    public function offsetUnset(mixed $key): never
    {
        throw new \LogicException('An answer cannot be changed.');
    }

    /** @return \ArrayIterator<array-key, mixed> */
    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->list('data'));
    }
}
