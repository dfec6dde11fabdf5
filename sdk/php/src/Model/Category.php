<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** Holds posts together. */
final class Category extends Model
{
    /** @return list<Post> there when it was asked for with `include` */
    public function getRecentPosts(): array
    {
        return Post::each($this->list('recent_posts'));
    }
}
