"""Serves index.html with the server's address and the token filled in; for your own site write them into it by hand."""

import http.server
import os
import pathlib
import string

PAGE = string.Template(pathlib.Path(__file__).with_name("index.html").read_text())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        # `safe_`: the page's own scripts use dollar signs too.
        body = PAGE.safe_substitute(os.environ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8000))), Handler)
print(f"http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
