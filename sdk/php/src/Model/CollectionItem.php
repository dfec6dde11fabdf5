<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** An item of a collection. */
final class CollectionItem extends Model
{
    public function getId(): ?int
    {
        return $this->data['meta']['id'] ?? null;
    }

    /** @return array<string, mixed> */
    public function getFields(): array
    {
        return array_diff_key($this->data, ['meta' => true]);
    }

    public function getField(string $name, mixed $default = null): mixed
    {
        return $this->getFields()[$name] ?? $default;
    }
}
