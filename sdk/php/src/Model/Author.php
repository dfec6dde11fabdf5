<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** Who writes posts. */
final class Author extends Model
{
    /** @return list<Post> there when it was asked for with `include` */
    public function getRecentPosts(): array
    {
        return Post::each($this->list('recent_posts'));
    }
}
