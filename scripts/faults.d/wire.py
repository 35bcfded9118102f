"""HTTP/1.1 over a plain socket: nothing is retried or hidden behind our back."""
import json
import socket
import time


class LostAnswer(Exception):
    """The request was sent, in part or whole, and no answer came: what became of it cannot be known."""


class NotSent(Exception):
    """There was nobody to talk to: not a byte left."""


class WrongAnswer(Exception):
    """What came back is not HTTP as we know it."""


class Connection:
    """One keep-alive connection to 127.0.0.1."""

    def __init__(self, port, timeout):
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=min(timeout, 5))
        except OSError as error:
            raise NotSent(str(error)) from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.answered = 0

    def close(self):
        self.socket.close()

    def send(self, data, timeout):
        self.socket.settimeout(timeout)
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise LostAnswer(f"while sending: {error}") from error

    def answer(self, timeout):
        """Status, headers (lower case), body; LostAnswer when the connection ends or `timeout` seconds pass."""
        deadline = time.monotonic() + timeout
        while b"\r\n\r\n" not in self.buffer:
            self._receive(deadline)
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ", 2)
        if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not parts[1].isdigit():
            raise WrongAnswer(f"an answer begins with {lines[0]!r}")
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", "0"))
        while len(self.buffer) < length:
            self._receive(deadline)
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        self.answered += 1
        return int(parts[1]), headers, body

    def _receive(self, deadline):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise LostAnswer("timeout")
        self.socket.settimeout(remaining)
        try:
            data = self.socket.recv(65536)
        except socket.timeout as error:
            raise LostAnswer("timeout") from error
        except OSError as error:
            raise LostAnswer(str(error)) from error
        if not data:
            raise LostAnswer("closed")
        self.buffer += data


def request(path, key, body, headers=(), method="POST"):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"Authorization: Bearer {key}"] if key else []
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def get(port, path, key="", timeout=10):
    connection = Connection(port, timeout)
    try:
        connection.send(request(path, key, b"", method="GET"), timeout)
        return connection.answer(timeout)
    finally:
        connection.close()


def decoded(body):
    try:
        return json.loads(body)
    except ValueError as error:
        raise WrongAnswer(f"a body is not JSON: {body[:200]!r}") from error
