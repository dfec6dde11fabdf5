# Varnish in front of larder: answers are kept until larder purges them by their keys, and shown for a week while larder
# cannot be reached. For Varnish 7 with the package varnish-modules (xkey, var). Change the address of larder and of who
# may purge, put this file into /etc/varnish/, and tell larder:
#
#     larder cdn set varnish --server http://127.0.0.1:6081
#
# Varnish speaks no TLS: a proxy that does stands in front of it. docs/cdn.md has the rest.

vcl 4.1;

import std;
import var;
import xkey;

backend larder {
    .host = "127.0.0.1";
    .port = "8787";
    # A machine that is gone does not answer at all: do not wait for it.
    .connect_timeout = 1s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
    # larder goes on answering what it keeps when its database does not: /livez, not /readyz.
    .probe = {
        .url = "/livez";
        .interval = 1s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# From where purges come: the machine that larder runs on.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.restarts == 0) {
        unset req.http.x-again;
    }
    if (req.method == "PURGE" || req.method == "BAN") {
        # With a token (`larder cdn set varnish --token-stdin`), let it decide in the place of the address:
        #     if (req.http.x-purge-token != "the same token") {
        if (client.ip !~ purgers) {
            return (synth(403, "Not from here"));
        }
        call larder_purge;
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Previews, and whatever people see who are signed in.
    if (req.url ~ "^/(admin|preview-events|livez|readyz)" || req.http.Cookie ~ "(^|; *)(__Host-)?larder=") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }
    # Nothing else depends on cookies, and nothing at all on who asks from where: it is the same answer for all.
    unset req.http.Cookie;
    unset req.http.Origin;
    # Pictures come in at most two forms, by whether the client shows WebP.
    if (req.http.Accept ~ "image/webp" && req.http.Accept !~ "image/webp; *q=0(\.0*)? *(,|$)") {
        set req.http.Accept = "image/webp";
    } else {
        unset req.http.Accept;
    }

    # What was purged is fetched anew while larder is there. While it is not, or has just failed, the old answer is
    # shown: for as long as larder has said in `stale-if-error`.
    if (req.restarts == 0 && std.healthy(req.backend_hint)) {
        # As many seconds as `larder cdn set --stale-while-revalidate` says.
        set req.grace = 0s;
    }
    return (hash);
}

# Drops what is named, and answers 200: larder takes nothing else for done.
sub larder_purge {
    # What was being fetched when a purge came is not kept: see vcl_backend_response.
    # One more millisecond, because no smaller part of a second is remembered.
    var.global_set("purged", std.time2real(now + 1ms, 0.0));
    if (req.method == "BAN") {
        if (req.http.x-ban-keys) {
            ban("obj.http.xkey ~ (^|\s)(" + req.http.x-ban-keys + ")(\s|$)");
        } else {
            ban("obj.status != 0");
        }
        return (synth(200, "Banned"));
    }
    if (req.http.xkey-softpurge) {
        set req.http.n-gone = xkey.softpurge(req.http.xkey-softpurge);
        return (synth(200, "Purged " + req.http.n-gone));
    }
    if (req.http.xkey-purge) {
        set req.http.n-gone = xkey.purge(req.http.xkey-purge);
        return (synth(200, "Purged " + req.http.n-gone));
    }
    # One address, of the host that readers use.
    if (req.http.x-purge-host) {
        set req.http.Host = req.http.x-purge-host;
    }
    return (purge);
}

sub vcl_backend_response {
    # What is passed on is passed back.
    if (bereq.uncacheable) {
        return (deliver);
    }
    # An old answer is better than an error. Whoever has none asks again, below, and gets larder's own words.
    if (beresp.status >= 500 && !bereq.http.x-again) {
        return (abandon);
    }
    # Tokens in headers, previews, errors: larder says of what may be kept how long it may.
    if (beresp.status >= 500 || beresp.http.CDN-Cache-Control !~ "max-age=\d") {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        return (deliver);
    }
    set beresp.ttl = std.duration(regsub(beresp.http.CDN-Cache-Control, "^.*max-age=(\d+).*$", "\1s"), 60s);
    set beresp.grace = 1h;
    if (beresp.http.CDN-Cache-Control ~ "stale-if-error=\d") {
        set beresp.grace = std.duration(regsub(beresp.http.CDN-Cache-Control, "^.*stale-if-error=(\d+).*$", "\1s"), 1h);
    }
    # Kept beyond that, to be asked about by its ETag.
    set beresp.keep = 1d;
    # Begun before the newest purge: it may hold what that has just dropped. It goes to who waits for it and no further.
    if (std.time2real(bereq.time, 0.0) <= std.real(var.global_get("purged"), 0.0)) {
        set beresp.ttl = 0s;
    }
    return (deliver);
}

sub vcl_synth {
    # larder could not be reached, and was thought to be there: look once more for an old answer.
    if (resp.status == 503 && req.restarts == 0 && !req.http.x-again && (req.method == "GET" || req.method == "HEAD")) {
        set req.http.x-again = "1";
        return (restart);
    }
}

sub vcl_backend_error {
    if (!bereq.uncacheable && !bereq.http.x-again) {
        return (abandon);
    }
}

sub vcl_deliver {
    # What only Varnish shall know. Leave the last two in place when another CDN stands in front.
    unset resp.http.xkey;
    unset resp.http.Surrogate-Control;
    unset resp.http.CDN-Cache-Control;
    # How long browsers may keep it counts from now.
    unset resp.http.Age;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
