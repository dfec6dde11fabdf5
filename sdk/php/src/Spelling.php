<?php

declare(strict_types=1);

namespace LarderCMS;

/** How a question is spelled: in the request, and in the key of its copy. */
final class Spelling
{
    /**
     * `/posts/jam/` of `['posts', 'jam']`.
     *
     * @param list<string|int> $parts
     */
    public static function path(array $parts): string
    {
        $path = '/';
        foreach ($parts as $part) {
            if ($part === '.' || $part === '..') {
                throw new BadRequest(implode('/', $parts) . ' is not a path');
            }
            $path .= rawurlencode((string) $part) . '/';
        }
        return $path;
    }

    /**
     * `?a=1&b=2`, sorted, so that one question has one spelling; empty without parameters.
     *
     * @param array<string, scalar|null> $params
     */
    public static function query(array $params): string
    {
        ksort($params, SORT_STRING);
        $pairs = [];
        foreach ($params as $name => $value) {
            if ($value !== null) {
                $text = is_bool($value) ? ($value ? 'true' : 'false') : (string) $value;
                $pairs[] = rawurlencode((string) $name) . '=' . rawurlencode($text);
            }
        }
        return $pairs ? '?' . implode('&', $pairs) : '';
    }

    public static function isOn(mixed $value): bool
    {
        return $value === true || in_array(strtolower((string) $value), ['1', 'true'], true);
    }

    /** 32-bit FNV-1a, as 8 hex digits: tells sites in one store apart without giving the token away. */
    public static function hash(string $text): string
    {
        return hash('fnv1a32', $text);
    }

    /**
     * The object a text is in JSON; null for everything else.
     *
     * @return ?array<string, mixed>
     */
    public static function object(string $text): ?array
    {
        // An array in PHP may be either.
        if (!str_starts_with(ltrim($text), '{')) {
            return null;
        }
        $value = json_decode($text, true);
        return is_array($value) ? $value : null;
    }
}
