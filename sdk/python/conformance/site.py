"""A site of one list and its posts, for the test that kills its CMS; tests/clients/README.md says what it must do."""

import asyncio
import http.server
import os
import pathlib
import sys
import threading
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))

import larder_cms

TOKEN = os.environ["LARDER_TOKEN"]


def serve_threads():
    butter = larder_cms.ButterCMS(TOKEN)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            try:
                _, _, slug = self.path.partition("/posts/")
                if slug:
                    status, text = 200, butter.posts.get(slug)["data"]["title"]
                else:
                    status, text = 200, "\n".join(post["slug"] for post in butter.posts.all({"exclude_body": True})["data"])
            except larder_cms.LarderError as error:
                status, text = status_of(error), traceback.format_exc()
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


async def serve_asyncio():
    async with larder_cms.AsyncButterCMS(TOKEN) as butter:

        async def answer(reader, writer):
            head = await reader.readuntil(b"\r\n\r\n")
            _, _, slug = head.split(b" ")[1].decode().partition("/posts/")
            try:
                if slug:
                    status, text = 200, (await butter.posts.get(slug))["data"]["title"]
                else:
                    listed = await butter.posts.all({"exclude_body": True})
                    status, text = 200, "\n".join(post["slug"] for post in listed["data"])
            except larder_cms.LarderError as error:
                status, text = status_of(error), traceback.format_exc()
            body = text.encode()
            writer.write(f"HTTP/1.1 {status} Status\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.close()


def status_of(error):
    return 404 if isinstance(error, larder_cms.NotFound) else 500


if sys.argv[1] == "async":
    asyncio.run(serve_asyncio())
else:
    serve_threads()
