<?php

declare(strict_types=1);

namespace LarderCMS;

/** Requests over connections that are kept while the process lives. */
final class Http
{
    /** Seconds between two looks at whether a call was cancelled. */
    private const LOOK = 0.02;

    private readonly \CurlMultiHandle $connections;

    public function __construct()
    {
        $this->connections = curl_multi_init();
    }

    /**
     * One request with its whole answer, within the limit in seconds.
     *
     * @param array<string, string> $headers
     * @param ?string               $body
     */
    public function send(string $method, string $url, array $headers, ?string $body, float $limit, Limits $limits): Reply
    {
        $status = 0;
        $received = [];
        $began = false;
        $request = curl_init($url);
        $lines = ['Accept-Encoding: gzip', 'Expect:'];
        foreach ($headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        curl_setopt_array($request, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_HEADERFUNCTION => static function (\CurlHandle $_, string $line) use (&$status, &$received, &$began): int {
                if (preg_match('~^HTTP/[0-9.]+ (\d+)~', $line, $found)) {
                    [$status, $received] = [(int) $found[1], []];
                } elseif (trim($line) === '') {
                    // What is under way (1xx) is no answer yet.
                    $began = $status >= 200;
                } else {
                    [$name, $value] = explode(':', $line, 2) + [1 => ''];
                    $received[strtolower(trim($name))] = trim($value);
                }
                return strlen($line);
            },
        ]);
        if ($body !== null) {
            curl_setopt($request, CURLOPT_POSTFIELDS, $body);
        }
        if ($method !== 'GET') {
            // On a connection that the server is about to close curl would send it twice.
            curl_setopt($request, CURLOPT_FRESH_CONNECT, true);
        }
        curl_multi_add_handle($this->connections, $request);
        try {
            $code = $this->finish($limit, $limits);
            if ($code !== CURLE_OK) {
                $said = curl_error($request) ?: curl_strerror($code);
                throw $began
                    ? new BadAnswer("The answer was cut off: $said")
                    : new NetworkError("The server could not be reached: $said");
            }
            $text = (string) curl_multi_getcontent($request);
        } finally {
            curl_multi_remove_handle($this->connections, $request);
        }
        if (strtolower($received['content-encoding'] ?? '') === 'gzip') {
            // curl itself does not notice when the end is missing.
            $text = @gzdecode($text);
            if ($text === false) {
                throw new BadAnswer('The answer was cut off: it is not whole gzip');
            }
        }
        return new Reply($status, $received, $text);
    }

    /** Until the request is done: curl's code of how. */
    private function finish(float $limit, Limits $limits): int
    {
        $end = hrtime(true) + $limit * 1e9;
        while (true) {
            curl_multi_exec($this->connections, $running);
            if (!$running) {
                return curl_multi_info_read($this->connections)['result'] ?? CURLE_OK;
            }
            if ($limits->isCancelled()) {
                throw new Cancelled('The call was cancelled');
            }
            $left = ($end - hrtime(true)) / 1e9;
            if ($left <= 0) {
                throw new Timeout(sprintf('No whole answer within %.3f s', $limit));
            }
            // Nothing to wait for yet, as while a name is looked up, may be answered at once.
            if (curl_multi_select($this->connections, $limits->cancel ? min($left, self::LOOK) : min($left, 1.0)) < 1) {
                usleep(1000);
            }
        }
    }
}
