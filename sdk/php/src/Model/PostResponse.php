<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** A post, with its neighbours in `getMeta()`. */
final class PostResponse extends Model
{
    public function getPost(): Post
    {
        return new Post($this->list('data'));
    }
}
