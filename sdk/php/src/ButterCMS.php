<?php

declare(strict_types=1);

namespace LarderCMS;

use LarderCMS\Model\Author;
use LarderCMS\Model\Category;
use LarderCMS\Model\CollectionsResponse;
use LarderCMS\Model\Page;
use LarderCMS\Model\PagesResponse;
use LarderCMS\Model\PostResponse;
use LarderCMS\Model\PostsResponse;
use LarderCMS\Model\Tag;
use LarderCMS\Model\WriteResponse;

/**
 * The methods of the official SDK, under its names: `use LarderCMS\ButterCMS;` instead of `use ButterCMS\ButterCMS;`.
 *
 * `new ButterCMS('READ_TOKEN', baseUrl: 'https://cms.example.com')`; the options are those of Settings.
 */
class ButterCMS
{
    private readonly Settings $settings;
    private readonly Asking $asking;
    private readonly Renewals $renewals;
    private readonly string $prefix;
    private Limits $limits;
    private ?Answer $last = null;

    public function __construct(string $authToken, mixed ...$options)
    {
        if ($authToken === '') {
            throw new \InvalidArgumentException("larder's API token is not set");
        }
        $settings = $this->settings = new Settings(...$options);
        $this->asking = new Asking($authToken, $settings);
        $this->renewals = new Renewals($this->asking, $settings);
        $this->prefix = 'larder:1:' . Spelling::hash($authToken) . ':';
        $this->limits = new Limits($settings->timeout, $settings->tryTimeout, $settings->retries);
    }

    /**
     * The same client for calls with other limits.
     *
     * @param ?\Closure(): bool $cancel looked at while a call runs; ends it when it says true
     */
    public function with(?float $timeout = null, ?float $tryTimeout = null, ?int $retries = null, ?\Closure $cancel = null): static
    {
        $view = clone $this;
        $view->limits = new Limits(
            $timeout ?? $this->limits->timeout,
            $tryTimeout ?? $this->limits->tryTimeout,
            $retries ?? $this->limits->retries,
            $cancel ?? $this->limits->cancel,
        );
        return $view;
    }

    /** What the call before was answered: its JSON, and whether it is a copy that no server has confirmed. */
    public function lastAnswer(): ?Answer
    {
        return $this->last;
    }

    /** Renews now what would be renewed at the end of the script: for workers. */
    public function settle(): void
    {
        $this->renewals->run();
    }

    // Posts

    /** @param array<string, scalar|null> $params */
    public function fetchPosts(array $params = []): PostsResponse
    {
        return new PostsResponse($this->read(['posts'], $params)->json);
    }

    /** @param array<string, scalar|null> $params */
    public function fetchPost(string $slug, array $params = []): PostResponse
    {
        return new PostResponse($this->read(['posts', $slug], $params)->json);
    }

    /** @param array<string, scalar|null> $params */
    public function searchPosts(string $query, array $params = []): PostsResponse
    {
        return new PostsResponse($this->read(['posts', 'search'], ['query' => $query] + $params)->json);
    }

    /** @param array<string, mixed>|\JsonSerializable $post */
    public function createPost(array|\JsonSerializable $post): WriteResponse
    {
        return $this->write('POST', ['posts'], $post);
    }

    /** @param array<string, mixed>|\JsonSerializable $changes */
    public function updatePost(string $slug, array|\JsonSerializable $changes): WriteResponse
    {
        return $this->write('PATCH', ['posts', $slug], $changes);
    }

    public function deletePost(string $slug): WriteResponse
    {
        return $this->write('DELETE', ['posts', $slug]);
    }

    // Pages; a page's type may be `*`

    /** @param array<string, scalar|null> $params */
    public function fetchPages(string $type, array $params = []): PagesResponse
    {
        return new PagesResponse($this->read(['pages', $type], $params)->json);
    }

    /** @param array<string, scalar|null> $params */
    public function fetchPage(string $type, string $slug, array $params = []): Page
    {
        return new Page(self::data($this->read(['pages', $type, $slug], $params)));
    }

    /** @param array<string, scalar|null> $params */
    public function searchPages(string $query, array $params = []): PagesResponse
    {
        return new PagesResponse($this->read(['pages', 'search'], ['query' => $query] + $params)->json);
    }

    /** @param array<string, mixed>|\JsonSerializable $page */
    public function createPage(array|\JsonSerializable $page): WriteResponse
    {
        return $this->write('POST', ['pages'], $page);
    }

    /** @param array<string, mixed>|\JsonSerializable $changes */
    public function updatePage(string $type, string $slug, array|\JsonSerializable $changes): WriteResponse
    {
        return $this->write('PATCH', ['pages', $type, $slug], $changes);
    }

    public function deletePage(string $type, string $slug): WriteResponse
    {
        return $this->write('DELETE', ['pages', $type, $slug]);
    }

    // Collections

    /**
     * @param list<string>               $keys
     * @param array<string, scalar|null> $params
     */
    public function fetchContentFields(array $keys, array $params = []): CollectionsResponse
    {
        return new CollectionsResponse($this->read(['content'], ['keys' => implode(',', $keys)] + $params)->json);
    }

    /** @param array<string, mixed>|\JsonSerializable $items `['key' => ..., 'fields' => [...]]` */
    public function createCollectionItems(array|\JsonSerializable $items): WriteResponse
    {
        return $this->write('POST', ['content'], $items);
    }

    /** @param array<string, mixed>|\JsonSerializable $changes */
    public function updateCollectionItem(string $key, int $id, array|\JsonSerializable $changes): WriteResponse
    {
        return $this->write('PATCH', ['content', $key, $id], $changes);
    }

    public function deleteCollectionItem(string $key, int $id): WriteResponse
    {
        return $this->write('DELETE', ['content', $key, $id]);
    }

    // Authors, categories, tags

    /**
     * @param array<string, scalar|null> $params
     *
     * @return list<Author>
     */
    public function fetchAuthors(array $params = []): array
    {
        return Author::each(self::data($this->read(['authors'], $params)));
    }

    /** @param array<string, scalar|null> $params */
    public function fetchAuthor(string $slug, array $params = []): Author
    {
        return new Author(self::data($this->read(['authors', $slug], $params)));
    }

    /**
     * @param array<string, scalar|null> $params
     *
     * @return list<Category>
     */
    public function fetchCategories(array $params = []): array
    {
        return Category::each(self::data($this->read(['categories'], $params)));
    }

    /** @param array<string, scalar|null> $params */
    public function fetchCategory(string $slug, array $params = []): Category
    {
        return new Category(self::data($this->read(['categories', $slug], $params)));
    }

    /**
     * @param array<string, scalar|null> $params
     *
     * @return list<Tag>
     */
    public function fetchTags(array $params = []): array
    {
        return Tag::each(self::data($this->read(['tags'], $params)));
    }

    /** @param array<string, scalar|null> $params */
    public function fetchTag(string $slug, array $params = []): Tag
    {
        return new Tag(self::data($this->read(['tags', $slug], $params)));
    }

    // Feeds

    /**
     * `rss`, `atom` or `sitemap`. Needs the extension `simplexml`.
     *
     * @param array<string, scalar|null> $params
     */
    public function fetchFeed(string $type, array $params = []): \SimpleXMLElement
    {
        $xml = $this->read(['feeds', $type], $params)->json['data'] ?? null;
        $feed = is_string($xml) ? @simplexml_load_string($xml) : false;
        return $feed ?: throw new BadAnswer('The feed is not XML');
    }

    // Everything else

    /**
     * What is at the path below `/v2`.
     *
     * @param list<string|int>           $path
     * @param array<string, scalar|null> $params
     */
    public function read(array $path, array $params = []): Answer
    {
        $this->last = null;
        // An empty slug asks for the list, as in the official SDK.
        $question = $this->question(array_values(array_filter($path, static fn ($part) => $part !== '')), $params);
        $copy = $question->key === null ? null : $this->asking->copies->load($question->key);
        $found = $copy === null ? null : $this->judge($question, $copy);
        $found ??= $this->asking->ask($question, $copy);
        return $this->last = new Answer(Spelling::object($found->text) ?? [], $found->stale);
    }

    /**
     * @param list<string|int>                              $path
     * @param array<string, mixed>|\JsonSerializable|null $body
     */
    private function write(string $method, array $path, array|\JsonSerializable|null $body = null): WriteResponse
    {
        $this->last = null;
        $this->last = $this->asking->change($method, $path, $body, $this->limits);
        return new WriteResponse($this->last->json);
    }

    /**
     * @param list<string|int>           $path
     * @param array<string, scalar|null> $params
     */
    private function question(array $path, array $params): Question
    {
        unset($params['auth_token']);
        if ($this->settings->preview) {
            $params['preview'] = 1;
        }
        $text = Spelling::path($path) . Spelling::query($params);
        $drafts = Spelling::isOn($params['preview'] ?? '') || Spelling::isOn($params['test'] ?? '');
        return new Question($text, $drafts ? null : $this->prefix . $text, $this->limits);
    }

    /** The copy when nobody has to be waited for; an old one is renewed later. */
    private function judge(Question $question, Copy $copy): ?Found
    {
        $age = $this->asking->age($copy);
        $fresh = $this->settings->fresh;
        $revalidate = $this->settings->staleWhileRevalidate;
        // 0 is never: an answer of this very moment is asked for again too.
        if ($fresh > 0 && $age >= 0 && $age <= $fresh) {
            $this->settings->log('fresh', ['question' => $question->text]);
            return new Found($copy->body, false);
        }
        if ($revalidate > 0 && $age >= 0 && $age <= $fresh + $revalidate) {
            $this->renewals->add($question, $copy);
            return $this->asking->stale($question, $copy, 'revalidate');
        }
        return null;
    }

    /** @return array<array-key, mixed> */
    private static function data(Answer $answer): array
    {
        $data = $answer->json['data'] ?? null;
        return is_array($data) ? $data : [];
    }
}
