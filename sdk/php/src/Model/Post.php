<?php

declare(strict_types=1);

namespace LarderCMS\Model;

/** One post. */
final class Post extends Model
{
    public function getAuthor(): ?Author
    {
        return isset($this->data['author']) ? new Author($this->list('author')) : null;
    }

    /** @return list<Category> */
    public function getCategories(): array
    {
        return Category::each($this->list('categories'));
    }

    /** @return list<Tag> */
    public function getTags(): array
    {
        return Tag::each($this->list('tags'));
    }

    public function isPublished(): bool
    {
        return $this->getStatus() === 'published';
    }
}
