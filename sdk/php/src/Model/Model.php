<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/**
 * Something the API answered. Members are read as in the official SDK: `getFirstName()` gives `first_name`; what is not there
 * is null.
 */
class Model implements \JsonSerializable
{
    /** @param array<array-key, mixed> $data */
    public function __construct(protected readonly array $data)
    {
    }

    /**
     * One for each member of a list.
     *
     * @param array<array-key, mixed> $list
     *
     * @return list<static>
     */
    public static function each(array $list): array
    {
        $models = [];
        foreach ($list as $one) {
            if (is_array($one)) {
                $models[] = new static($one);
            }
        }
        return $models;
    }

    /** @param list<mixed> $arguments */
    public function __call(string $name, array $arguments): mixed
    {
        if (!str_starts_with($name, 'get')) {
            throw new \BadMethodCallException(static::class . " has no method $name()");
        }
        $member = strtolower((string) preg_replace('/(?<!^)[A-Z]/', '_$0', substr($name, 3)));
        return $this->data[$member] ?? null;
    }

    /** @return array<array-key, mixed> */
    public function jsonSerialize(): array
    {
        return $this->data;
    }

    /** @return array<array-key, mixed> */
    protected function list(string $member): array
    {
        $list = $this->data[$member] ?? null;
        return is_array($list) ? $list : [];
    }
}
