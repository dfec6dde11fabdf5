<?php

declare(strict_types=1);

// A site of one list and its posts, for the test that kills its CMS; tests/clients/README.md says what it must do.
// Served by PHP's own web server, which runs this file for each request: copies are in files, as on a real PHP site.

require __DIR__ . '/../autoload.php';

use LarderCMS\ButterCMS;
use LarderCMS\NotFound;
use LarderCMS\Store\FileStore;

if (PHP_SAPI !== 'cli') {
    $butter = new ButterCMS(getenv('LARDER_TOKEN'), store: new FileStore(getenv('COPIES')));
    header('Content-Type: text/plain');
    try {
        if (preg_match('~\A/posts/([^/]+)\z~', $_SERVER['REQUEST_URI'], $found)) {
            echo $butter->fetchPost($found[1])->getPost()->getTitle();
        } else {
            $posts = $butter->fetchPosts(['exclude_body' => true])->getPosts();
            echo implode("\n", array_map(static fn ($post) => $post->getSlug(), $posts));
        }
    } catch (NotFound $problem) {
        http_response_code(404);
        echo $problem->getMessage();
    } catch (Throwable $problem) {
        http_response_code(500);
        echo $problem;
    }
    return;
}

$copies = sys_get_temp_dir() . '/larder-site-' . bin2hex(random_bytes(8));
$environment = ['COPIES' => $copies, 'PHP_CLI_SERVER_WORKERS' => '8'] + getenv();
$process = proc_open([PHP_BINARY, '-S', '127.0.0.1:0', __FILE__], [2 => ['pipe', 'w']], $pipes, null, $environment);
// It says where it listens, and then a line for each request.
while (($line = fgets($pipes[2])) !== false && !preg_match('~\(http://127\.0\.0\.1:\d+\)~', $line, $found)) {
}
echo trim($found[0] ?? '', '()'), "\n";
stream_set_blocking(STDIN, false);
while (true) {
    $readable = [STDIN, $pipes[2]];
    $none = null;
    stream_select($readable, $none, $none, null);
    if (in_array($pipes[2], $readable, true) && fgets($pipes[2]) === false) {
        break;
    }
    if (in_array(STDIN, $readable, true) && fgets(STDIN) === false && feof(STDIN)) {
        break;
    }
}
proc_terminate($process);
proc_close($process);
array_map(unlink(...), glob("$copies/*") ?: []);
@rmdir($copies);
