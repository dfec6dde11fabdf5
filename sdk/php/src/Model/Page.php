<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** One page. */
final class Page extends Model
{
    /** @return array<string, mixed> */
    public function getFields(): array
    {
        return $this->list('fields');
    }

    public function getField(string $name, mixed $default = null): mixed
    {
        return $this->getFields()[$name] ?? $default;
    }
}
