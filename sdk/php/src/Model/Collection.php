<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** A collection: `getKey()` and its items. */
final class Collection extends Model
{
    /** @return list<CollectionItem> */
    public function getItems(): array
    {
        return CollectionItem::each($this->list('items'));
    }
}
