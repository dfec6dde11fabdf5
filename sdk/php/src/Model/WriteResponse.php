<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** What a change is answered: `getStatus()`, perhaps `getId()`, `getSlug()` and `getWarnings()`; nothing after a deletion. */
final class WriteResponse extends Model
{
}
