"""Serves the shop core with the standard library's WSGI server, one thread for each request."""

import os
import signal
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # on the way out, requests that are being answered are waited for


class QuietHandler(WSGIRequestHandler):
    def address_string(self):
        return self.client_address[0]  # the default asks a name server that pods do not have

    def log_message(self, format, *args):
        if self.path != "/health/":
            super().log_message(format, *args)


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    from django.core.wsgi import get_wsgi_application

    with make_server("", 8080, get_wsgi_application(), ThreadingServer, QuietHandler) as server:
        # a container's first process ignores SIGTERM unless it asks for it; it serves on for a second, until no one sends it requests
        signal.signal(signal.SIGTERM, lambda *_: threading.Timer(1, server.shutdown).start())
        print("core: listens on 8080", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
