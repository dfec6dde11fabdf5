<?php

declare(strict_types=1);

namespace LarderCMS;

require_once __DIR__ . '/LarderError.php';

// What a call can fail with, beside LarderError itself; docs/clients/behaviour.md says when each is thrown.

class BadRequest extends LarderError
{
    public const KIND = 'bad_request';
}

class Unauthorized extends LarderError
{
    public const KIND = 'unauthorized';
}

class Forbidden extends LarderError
{
    public const KIND = 'forbidden';
}

class NotFound extends LarderError
{
    public const KIND = 'not_found';
}

class RateLimited extends LarderError
{
    public const KIND = 'rate_limited';
}

class ServerError extends LarderError
{
    public const KIND = 'server_error';
}

/** No answer began. */
class NetworkError extends LarderError
{
    public const KIND = 'network';
}

/** An answer began, and was cut off or is not larder's. */
class BadAnswer extends LarderError
{
    public const KIND = 'bad_answer';
}

class Timeout extends LarderError
{
    public const KIND = 'timeout';
}

class Cancelled extends LarderError
{
    public const KIND = 'cancelled';
}
