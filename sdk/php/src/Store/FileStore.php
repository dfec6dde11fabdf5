<?php

declare(strict_types=1);

namespace LarderCMS\Store;

/** Copies in files: they outlive the process, and processes share them. */
final class FileStore implements Store
{
    public function __construct(private readonly string $folder, private readonly int $files = 5000)
    {
    }

    public function get(string $key): ?string
    {
        $file = $this->file($key);
        if (!is_file($file)) {
            return null;
        }
        $held = self::must(@file_get_contents($file));
        [$written, $text] = explode("\n", $held, 2) + [1 => ''];
        return $written === hash('sha256', $text) ? $text : null;
    }

    public function set(string $key, string $text, float $maxAge): void
    {
        if (!is_dir($this->folder) && !@mkdir($this->folder, 0o777, true) && !is_dir($this->folder)) {
            self::must(false);
        }
        $file = $this->file($key);
        // Renamed when whole, so that nobody reads half of it and a full disk leaves what was there.
        $draft = $file . '.' . bin2hex(random_bytes(8)) . '.tmp';
        $held = hash('sha256', $text) . "\n" . $text;
        if (@file_put_contents($draft, $held) !== strlen($held) || !@rename($draft, $file)) {
            $problem = error_get_last()['message'] ?? 'not all could be written';
            @unlink($draft);
            throw new \RuntimeException($problem);
        }
        // At about every 100th write: most processes here make few, so that none could count to it.
        if (random_int(1, 100) === 1) {
            $this->tidy();
        }
    }

    public function delete(string $key): void
    {
        @unlink($this->file($key));
    }

    private function file(string $key): string
    {
        return $this->folder . '/' . hash('sha256', $key) . '.json';
    }

    /** Removes the oldest files, and drafts of processes that ended while writing. Another process may do so too. */
    private function tidy(): void
    {
        $times = [];
        foreach (new \FilesystemIterator($this->folder) as $file) {
            $times[$file->getPathname()] = (int) @filemtime($file->getPathname());
        }
        arsort($times);
        foreach (array_slice(array_keys($times), $this->files) as $file) {
            @unlink($file);
        }
    }

    private static function must(string|false $done): string
    {
        return $done === false ? throw new \RuntimeException(error_get_last()['message'] ?? 'the file system failed') : $done;
    }
}
