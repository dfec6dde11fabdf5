<?php

declare(strict_types=1);

// For programs without Composer: require this file.

require_once __DIR__ . '/src/errors.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'LarderCMS\\')) {
        $file = __DIR__ . '/src/' . strtr(substr($class, strlen('LarderCMS\\')), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
