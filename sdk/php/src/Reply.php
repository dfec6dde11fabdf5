<?php

declare(strict_types=1);

namespace LarderCMS;

/** What a server answered, whatever it is. */
final class Reply
{
    /** @var ?array<string, mixed> */
    private readonly ?array $object;

    /** @param array<string, string> $headers with names in lower case */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body,
    ) {
        $this->object = Spelling::object($body);
    }

    /**
     * Its JSON object; null when it is none.
     *
     * @return ?array<string, mixed>
     */
    public function object(): ?array
    {
        return $this->object;
    }
}
