<?php

declare(strict_types=1);

namespace LarderCMS;

/** Copies that are to be renewed when the visitor has the page: a process of PHP does one thing at a time. */
final class Renewals
{
    /** @var array<string, array{Question, Copy}> */
    private array $waiting = [];
    private bool $registered = false;

    public function __construct(private readonly Asking $asking, private readonly Settings $settings)
    {
    }

    public function add(Question $question, Copy $copy): void
    {
        $this->waiting[(string) $question->key] = [$question, $copy];
        if (!$this->registered) {
            $this->registered = true;
            $defer = $this->settings->defer ?? self::atTheEnd(...);
            $defer($this->run(...));
        }
    }

    public function run(): void
    {
        $this->registered = false;
        while ($this->waiting) {
            [$question, $copy] = array_shift($this->waiting);
            try {
                $this->asking->ask($question, $copy, mayReturn: false);
            } catch (LarderError $error) {
                $this->settings->log('revalidate_failed', ['kind' => $error->kind()]);
            }
        }
    }

    private static function atTheEnd(\Closure $work): void
    {
        register_shutdown_function(static function () use ($work): void {
            if (function_exists('fastcgi_finish_request')) {
                fastcgi_finish_request();
            }
            $work();
        });
    }
}
