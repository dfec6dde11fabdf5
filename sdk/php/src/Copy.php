<?php

declare(strict_types=1);

namespace LarderCMS;

/** The last good answer to a question, as it is kept. */
final class Copy
{
    /** @param float $stored seconds since 1970 */
    public function __construct(
        public readonly float $stored,
        public readonly ?string $etag,
        public readonly string $body,
    ) {
    }

    public function text(): string
    {
        $held = ['stored' => (int) round($this->stored * 1000), 'etag' => $this->etag, 'body' => $this->body];
        return json_encode($held, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    }

    /** Null for everything that is not a whole copy. */
    public static function of(?string $text): ?self
    {
        $held = Spelling::object($text ?? '');
        $stored = $held['stored'] ?? null;
        $etag = $held['etag'] ?? null;
        $body = $held['body'] ?? null;
        if (!(is_int($stored) || is_float($stored)) || !is_string($body) || Spelling::object($body) === null) {
            return null;
        }
        return new self($stored / 1000, is_string($etag) ? $etag : null, $body);
    }
}
