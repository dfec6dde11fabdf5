<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** A list of posts; `getMeta()` says where it goes on. */
final class PostsResponse extends Model
{
    /** @return list<Post> */
    public function getPosts(): array
    {
        return Post::each($this->list('data'));
    }
}
