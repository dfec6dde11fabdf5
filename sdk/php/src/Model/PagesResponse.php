<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** A list of pages; `getMeta()` says where it goes on. */
final class PagesResponse extends Model
{
    /** @return list<Page> */
    public function getPages(): array
    {
        return Page::each($this->list('data'));
    }
}
