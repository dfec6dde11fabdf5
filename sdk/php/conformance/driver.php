<?php

declare(strict_types=1);

// The SDK in the conformance suite; tests/clients/README.md is the protocol.

require __DIR__ . '/../autoload.php';

use LarderCMS\BadAnswer;
use LarderCMS\ButterCMS;
use LarderCMS\Clock;
use LarderCMS\LarderError;
use LarderCMS\Stale;
use LarderCMS\Store\FileStore;
use LarderCMS\Store\RedisStore;
use LarderCMS\Store\Store;

const SECONDS = [
    'timeout', 'try_timeout', 'backoff_base', 'backoff_cap', 'cool_off', 'cool_off_cap', 'fresh', 'stale_while_revalidate',
    'stale_if_error', 'store_timeout',
];

const METHODS = [
    'post.list' => 'fetchPosts', 'post.retrieve' => 'fetchPost', 'post.search' => 'searchPosts', 'page.list' => 'fetchPages',
    'page.retrieve' => 'fetchPage', 'page.search' => 'searchPages', 'content.retrieve' => 'fetchContentFields',
    'author.list' => 'fetchAuthors', 'author.retrieve' => 'fetchAuthor', 'category.list' => 'fetchCategories',
    'category.retrieve' => 'fetchCategory', 'tag.list' => 'fetchTags', 'tag.retrieve' => 'fetchTag',
    'feed.retrieve' => 'fetchFeed', 'post.create' => 'createPost', 'post.update' => 'updatePost', 'post.delete' => 'deletePost',
    'page.create' => 'createPage', 'page.update' => 'updatePage', 'page.delete' => 'deletePage',
    'content.create' => 'createCollectionItems', 'content.update' => 'updateCollectionItem',
    'content.delete' => 'deleteCollectionItem',
];

final class StillClock extends Clock
{
    public float $wall = 1767225600.0;
    public float $monotonic = 0.0;

    public function __construct(private readonly float $random, private readonly Notes $notes)
    {
    }

    public function wall(): float
    {
        return $this->wall;
    }

    public function monotonic(): float
    {
        return $this->monotonic;
    }

    public function random(): float
    {
        return $this->random;
    }

    public function pause(float $seconds): void
    {
        $this->notes->pauses[] = $seconds * 1000;
        $this->advance($seconds);
    }

    public function advance(float $seconds): void
    {
        $this->wall += $seconds;
        $this->monotonic += $seconds;
    }
}

/** What the hooks were told. */
final class Notes
{
    /** @var list<mixed> */
    public array $log = [];
    /** @var list<mixed> */
    public array $pauses = [];
    /** @var list<mixed> */
    public array $stale = [];
}

final class Driver
{
    private ?ButterCMS $butter = null;
    private Notes $notes;
    private StillClock $clock;
    /** @var array<string, list<array<string, mixed>>> outcomes by the name of their start */
    private array $started = [];
    private bool $cancelled = false;

    public function run(): void
    {
        while (($line = fgets(STDIN)) !== false) {
            $this->obey(json_decode($line, true));
        }
    }

    /** @param array<string, mixed> $message */
    private function obey(array $message): void
    {
        try {
            $answer = $this->{$message['op']}($message) ?? [];
        } catch (Throwable $problem) {
            $answer = ['failed' => (string) $problem];
        }
        self::say($message, $answer);
        if ($message['op'] === 'start') {
            // There is nobody else to make the call while messages are answered: they are answered while it runs.
            $this->cancelled = false;
            $this->started[$message['name']] = [$this->outcome($message, function (): bool {
                $this->listen();
                return $this->cancelled;
            })];
        }
    }

    /** Obeys what has come meanwhile. */
    private function listen(): void
    {
        $ready = [STDIN];
        $none = null;
        while (!$this->cancelled && stream_select($ready, $none, $none, 0) === 1) {
            $this->obey(json_decode((string) fgets(STDIN), true));
        }
    }

    private static function say(array $message, array $answer): void
    {
        fwrite(STDOUT, json_encode(['id' => $message['id']] + $answer, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
    }

    private function reset(array $message): void
    {
        $this->butter = null;
        $this->started = [];
        $this->notes = new Notes();
        $this->clock = new StillClock((float) $message['random'], $this->notes);
    }

    private function open(array $message): void
    {
        $given = $message['options'];
        $options = self::options(array_diff_key($given, ['token' => 0, 'base_urls' => 0, 'store' => 0]));
        if (array_key_exists('store', $given)) {
            $options['store'] = self::store($given['store']);
        }
        $this->butter = new ButterCMS(
            $given['token'],
            ...$options,
            baseUrl: $given['base_urls'],
            clock: $this->clock,
            onLog: function (string $event, array $details): void {
                $this->notes->log[] = ['event' => $event] + $details;
            },
            onStale: function (Stale $stale): void {
                $this->notes->stale[] = ['reason' => $stale->reason, 'question' => $stale->question];
            },
            defer: static fn (Closure $work) => null,
        );
    }

    private function close(array $message): void
    {
        $this->butter = null;
    }

    private function call(array $message): array
    {
        return ['outcomes' => [$this->outcome($message, null)]];
    }

    private function start(array $message): void
    {
    }

    private function cancel(array $message): void
    {
        $this->cancelled = true;
    }

    private function wait(array $message): array
    {
        return ['outcomes' => $this->started[$message['name']]];
    }

    private function advance(array $message): void
    {
        $this->clock->advance($message['ms'] / 1000);
    }

    private function jump(array $message): void
    {
        $this->clock->wall += $message['ms'] / 1000;
    }

    private function settle(array $message): void
    {
        $this->butter->settle();
    }

    private function events(array $message): array
    {
        $seen = get_object_vars($this->notes);
        $this->notes->log = $this->notes->pauses = $this->notes->stale = [];
        return $seen;
    }

    private static function options(array $given): array
    {
        $options = [];
        foreach ($given as $name => $value) {
            $camel = lcfirst(str_replace('_', '', ucwords($name, '_')));
            $options[$camel] = in_array($name, SECONDS, true) ? $value / 1000 : $value;
        }
        return $options;
    }

    private static function store(?array $place): ?Store
    {
        return match (true) {
            $place === null => null,
            isset($place['file']) => new FileStore($place['file']),
            default => new RedisStore($place['redis']),
        };
    }

    private function outcome(array $message, ?Closure $cancel): array
    {
        $butter = $this->butter->with(...self::options($message['options'] ?? []), cancel: $cancel);
        $arguments = $message['args'] ?? [];
        if (!preg_match('/\.(create|update|delete)$/', $message['method'])) {
            $arguments[] = $message['params'] ?? [];
        }
        try {
            $butter->{METHODS[$message['method']]}(...$arguments);
        } catch (LarderError $error) {
            // The suite's servers answer every question alike, feeds too; what they sent is compared.
            if (!$error instanceof BadAnswer || $butter->lastAnswer() === null) {
                return [
                    'error' => $error->kind(), 'status' => $error->status, 'detail' => $error->detail(), 'tries' => $error->tries,
                    'body' => $error->body, 'message' => $error->getMessage(),
                ];
            }
        } catch (Throwable $problem) {
            return ['error' => 'crash', 'message' => (string) $problem];
        }
        $answer = $butter->lastAnswer();
        return ['body' => $answer->json ?: null, 'stale' => $answer->stale];
    }
}

(new Driver())->run();
