<?php

declare(strict_types=1);

namespace LarderCMS;

/** The base of everything a call can fail with. */
class LarderError extends \RuntimeException
{
    public const KIND = 'error';

    /** How many requests were made for the call. */
    public int $tries = 0;

    /**
     * @param ?int                  $status  the answer's, null without one
     * @param ?array<string, mixed> $body    the error's JSON as the server sent it
     * @param array<string, string> $headers with names in lower case
     */
    final public function __construct(
        string $message,
        public readonly ?int $status = null,
        public readonly ?array $body = null,
        public readonly array $headers = [],
    ) {
        parent::__construct($message, $status ?? 0);
    }

    /** The same in all of larder's SDKs, for logs. */
    public function kind(): string
    {
        return static::KIND;
    }

    /** What the server said about it. */
    public function detail(): ?string
    {
        $detail = $this->body['detail'] ?? null;
        return is_string($detail) ? $detail : null;
    }

    /** Whether the server is healthy and does not answer the question. */
    public function isRefusal(): bool
    {
        return $this->status !== null && !self::isIll($this->status) && !$this instanceof BadAnswer;
    }

    /** Whether a status says that the server, not the question, is at fault. */
    public static function isIll(int $status): bool
    {
        return $status >= 500 || $status === 408 || $status === 429;
    }

    /** The error of an answer that is not a success. */
    public static function of(Reply $reply): self
    {
        $status = $reply->status;
        $body = $reply->object();
        if ($body === null && !self::isIll($status)) {
            return new BadAnswer("The answer is not a JSON object ($status)", $status, null, $reply->headers);
        }
        $kind = match (true) {
            $status === 401 => Unauthorized::class,
            $status === 403 => Forbidden::class,
            $status === 404, $status === 410 => NotFound::class,
            $status === 429 => RateLimited::class,
            self::isIll($status) => ServerError::class,
            default => BadRequest::class,
        };
        $said = [];
        foreach ($body ?? [] as $name => $value) {
            $said[] = $name . ': ' . (is_string($value) ? $value : json_encode($value));
        }
        return new $kind((implode('; ', $said) ?: 'The server failed') . " ($status)", $status, $body, $reply->headers);
    }
}
