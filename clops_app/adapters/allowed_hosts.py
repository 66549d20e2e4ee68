"""What a tool may reach over the network is a list of hosts: everything it says goes through here, or nowhere."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Connect = Callable[[str, int], socket.socket]

_PORT = 443  # HTTPS alone: nothing is taken from anybody who cannot show that it is them
_SECONDS = 30
_BYTES = 512 * 1024 * 1024  # all that comes in; terraform-aws-modules/eks with its history has 15 MB


class AllowedHosts:
    """A proxy on this machine that knows CONNECT to port 443 of the hosts named, and refuses all else.

    `refused` are the hosts that were asked for in vain. Leaving the context closes it and whatever runs through it.
    """

    def __init__(
        self, hosts: Iterable[str], connect: Connect = lambda host, port: socket.create_connection((host, port), _SECONDS)
    ) -> None:
        self.hosts = frozenset(host.lower() for host in hosts)
        self.refused: set[str] = set()
        self._connect = connect
        self._open: set[socket.socket] = set()
        self._left = _BYTES
        self._lock = threading.Lock()

    def __enter__(self) -> AllowedHosts:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _SECONDS

            def do_CONNECT(self) -> None:
                outer._tunnel(self)

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return lambda: outer._refuse(self, self.headers.get("Host", ""))
                raise AttributeError(name)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for each in tuple(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def _refuse(self, handler: BaseHTTPRequestHandler, asked: str) -> None:
        self.refused.add(asked.removesuffix(f":{_PORT}"))
        with suppress(OSError):
            handler.send_error(403)

    def _tunnel(self, handler: BaseHTTPRequestHandler) -> None:
        host, _, port = handler.path.rpartition(":")
        if host.lower() not in self.hosts or port != str(_PORT):
            self._refuse(handler, handler.path)
            return
        try:
            there = self._connect(host, _PORT)
        except OSError:
            handler.send_error(502)
            return
        here = handler.connection
        self._open |= {here, there}
        try:
            with there:
                handler.send_response(200)
                handler.end_headers()
                self._pass_on(here, there)
        finally:
            self._open -= {here, there}
        handler.close_connection = True

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while ready := select.select((here, there), (), (), _SECONDS)[0]:
                for source in ready:
                    piece = source.recv(65536)
                    with self._lock:
                        self._left -= len(piece)
                    if not piece or self._left < 0:
                        return
                    (there if source is here else here).sendall(piece)
