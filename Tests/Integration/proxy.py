"""A TCP proxy between a server and its database, for the faults that a network has."""
import contextlib
import socket
import threading


class Proxy:
    """Forwards connections to a port of the loopback until it is told otherwise."""

    def __init__(self, target):
        self.target = target
        self.connections, self.lock = set(), threading.Lock()
        # Cleared: bytes in both directions, and new connections, wait.
        self.flows = threading.Event()
        self.flows.set()
        self.delay_s = 0
        self.refuses = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client):
        self.flows.wait()
        try:
            if self.refuses:
                raise ConnectionRefusedError
            server = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.connections.add((client, server))
        threading.Thread(target=self.forward, args=(client, server), daemon=True).start()
        self.forward(server, client)

    def forward(self, source, sink):
        try:
            while data := source.recv(65536):
                if self.delay_s:
                    threading.Event().wait(self.delay_s)
                self.flows.wait()
                sink.sendall(data)
        except OSError:
            pass
        # Its other half ends by this too.
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    # Faults

    def cut(self):
        """Ends every connection; new ones are made as before."""
        with self.lock:
            connections, self.connections = self.connections, set()
        for pair in connections:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def silent(self):
        """The other side has gone without a word: nothing is refused, and nothing answers."""
        self.flows.clear()
        try:
            yield
        finally:
            self.cut()
            self.flows.set()

    @contextlib.contextmanager
    def unreachable(self):
        self.refuses = True
        self.cut()
        try:
            yield
        finally:
            self.refuses = False

    def close(self):
        self.listener.close()
        self.flows.set()
        self.cut()
