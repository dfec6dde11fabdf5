<?php

declare(strict_types=1);

namespace LarderCMS;

final class Version
{
    public const NUMBER = '0.1.0';
}
