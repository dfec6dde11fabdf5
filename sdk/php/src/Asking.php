<?php

declare(strict_types=1);

namespace LarderCMS;

/** Asks servers as docs/clients/behaviour.md says: try after try, until an answer, a copy or the end. */
final class Asking
{
    private const CLIENT = 'larder-php/' . Version::NUMBER;

    public readonly Copies $copies;
    private readonly Servers $servers;
    private readonly Http $http;

    public function __construct(private readonly string $token, private readonly Settings $settings)
    {
        $this->servers = new Servers($settings);
        $this->copies = new Copies($settings);
        $this->http = new Http();
    }

    /** @param bool $mayReturn whether the copy may be the answer: a renewal that fails must not renew the copy with itself */
    public function ask(Question $question, ?Copy $copy, bool $mayReturn = true): Found
    {
        $settings = $this->settings;
        $clock = $settings->clock;
        $limits = $question->limits;
        $end = $clock->monotonic() + $limits->timeout;
        $this->servers->earn();
        $usable = fn (): bool => $mayReturn && $copy !== null && $this->age($copy) <= $settings->staleIfError;
        $error = $failed = null;
        $wanted = 0.0;
        $tries = $pauses = 0;
        while (true) {
            $server = $this->servers->choose($clock->monotonic());
            $resting = $server->restUntil > $clock->monotonic();
            if ($resting && $usable()) {
                return $this->stale($question, $copy, 'error', $error);
            }
            if ($error) {
                if ($tries > $limits->retries) {
                    break;
                }
                if ($resting) {
                    $pause = max($this->jitter($pauses), $server === $failed ? $wanted : 0.0);
                    if ($clock->monotonic() + $pause >= $end || !$this->servers->spend()) {
                        break;
                    }
                    $pauses++;
                    $settings->log('pause', ['milliseconds' => $pause * 1000]);
                    $clock->pause($pause);
                }
            }
            $tries++;
            $left = $end - $clock->monotonic();
            $settings->log('try', ['server' => $server->base, 'question' => $question->text]);
            try {
                return $this->tryOnce($server, $question, $copy, min($limits->tryTimeout, $left));
            } catch (Cancelled $cancelled) {
                throw $cancelled;
            } catch (LarderError $error) {
                $error->tries = $tries;
            }
            if ($error->isRefusal()) {
                $this->refuse($error, $server, $question);
            }
            $settings->log('fault', ['server' => $server->base, 'kind' => $error->kind(), 'status' => $error->status]);
            $failed = $server;
            $wanted = LarderError::isIll($error->status ?? 0)
                ? Servers::retryAfter($error->headers['retry-after'] ?? null, $clock->wall())
                : 0.0;
            $this->servers->rest($server, $clock->monotonic(), $wanted);
            if ($error instanceof Timeout && $left <= $limits->tryTimeout) {
                break;
            }
        }
        return $usable() ? $this->stale($question, $copy, 'error', $error) : throw $error;
    }

    /**
     * Sends a change, once, to the primary.
     *
     * @param list<string|int> $path
     */
    public function change(string $method, array $path, mixed $body, Limits $limits): Answer
    {
        $headers = ['X-Butter-Client' => self::CLIENT, 'Authorization' => "Token $this->token"];
        $sent = null;
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
            $sent = json_encode($body, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        }
        $url = $this->servers->primary()->base . '/v2' . Spelling::path($path);
        try {
            $reply = $this->http->send($method, $url, $headers, $sent, $limits->timeout, $limits);
            $accepted = $reply->status >= 200 && $reply->status < 300 && ($reply->object() !== null || $reply->status === 204);
            if (!$accepted) {
                throw LarderError::of($reply);
            }
        } catch (LarderError $error) {
            $error->tries = 1;
            throw $error;
        }
        return new Answer($reply->object() ?? [], false);
    }

    /** A copy that is returned though it may be old. */
    public function stale(Question $question, Copy $copy, string $reason, ?LarderError $error = null): Found
    {
        $this->settings->log('stale', ['reason' => $reason, 'question' => $question->text]);
        if ($this->settings->onStale) {
            ($this->settings->onStale)(new Stale($reason, max($this->age($copy), 0.0), $question->text, $error));
        }
        return new Found($copy->body, true);
    }

    public function age(Copy $copy): float
    {
        return $this->settings->clock->wall() - $copy->stored;
    }

    /** A random pause below a limit that doubles. */
    private function jitter(int $pauses): float
    {
        return $this->settings->clock->random() * min($this->settings->backoffCap, $this->settings->backoffBase * 2.0 ** $pauses);
    }

    /** A refusal is an answer, and what was deleted stays deleted. */
    private function refuse(LarderError $error, Server $server, Question $question): never
    {
        $this->servers->recover($server);
        if ($error instanceof NotFound && $question->key !== null) {
            $this->copies->remove($question->key);
        }
        throw $error;
    }

    private function tryOnce(Server $server, Question $question, ?Copy $copy, float $limit): Found
    {
        $joint = str_contains($question->text, '?') ? '&' : '?';
        $url = $server->base . '/v2' . $question->text . $joint . 'auth_token=' . rawurlencode($this->token);
        $headers = ['X-Butter-Client' => self::CLIENT];
        $etag = $copy?->etag;
        if ($etag !== null) {
            $headers['If-None-Match'] = $etag;
        }
        $reply = $this->http->send('GET', $url, $headers, null, $limit, $question->limits);
        if ($reply->status === 304 && $copy !== null && $etag !== null) {
            $this->settings->log('not_modified', ['question' => $question->text]);
            $text = $copy->body;
            $etag = $reply->headers['etag'] ?? $etag;
        } elseif ($reply->status === 200 && $reply->object() !== null) {
            $text = $reply->body;
            $etag = $reply->headers['etag'] ?? null;
        } else {
            throw LarderError::of($reply);
        }
        $this->servers->recover($server);
        if ($question->key !== null && !str_contains(strtolower($reply->headers['cache-control'] ?? ''), 'no-store')) {
            $this->copies->save($question->key, new Copy($this->settings->clock->wall(), $etag, $text));
        }
        return new Found($text, false);
    }
}
