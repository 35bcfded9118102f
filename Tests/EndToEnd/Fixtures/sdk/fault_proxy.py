"""Stands between an SDK and the service and does, one request after the other, what a script says.

Every path of the script is one of:

    pass        forward, answer what the service answers
    400 … 599   answer this, forward nothing; 429 and 503 as 429:1 with that Retry-After, in seconds
    cut         close the connection before anything is forwarded
    lost        forward, then close the connection without an answer
    hang        forward, and answer nothing until the client has given up

Behind the script's end everything passes. Only requests with a body are counted.
"""

import http.client
import http.server
import json
import socket
import threading
import time


class FaultProxy:
    def __init__(self, service, script, patience=20.0):
        host, port = service.removeprefix("http://").split(":")
        self.service = (host, int(port))
        self.script = list(script)
        self.seen = []
        self.patience = patience
        self.lock = threading.Lock()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                proxy.handle(self)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def handle(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        with self.lock:
            step = self.script.pop(0) if self.script else "pass"
            self.seen.append(step)
        if step == "cut":
            self.close(request)
            return
        if step == "pass":
            self.answer(request, *self.forward(request, body))
            return
        if step in ("lost", "hang"):
            self.forward(request, body)
            if step == "hang":
                self.wait_until_given_up(request)
            self.close(request)
            return
        status, _, retry_after = step.partition(":")
        code = {"429": "rate_limited", "503": "database_unavailable"}.get(status, "refused")
        text = "made up by the fault proxy"
        problem = json.dumps({"code": code, "message": text, "detail": text}).encode()
        headers = {"Content-Type": "application/problem+json"}
        if retry_after:
            headers["Retry-After"] = retry_after
        self.answer(request, int(status), headers, problem)

    def forward(self, request, body):
        connection = http.client.HTTPConnection(*self.service, timeout=30)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in ("host", "connection")
        }
        connection.request("POST", request.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        kept = {
            name: value
            for name, value in answer.getheaders()
            if name.lower() in ("content-type", "retry-after")
        }
        connection.close()
        return answer.status, kept, content

    def wait_until_given_up(self, request):
        request.connection.settimeout(self.patience)
        try:
            request.connection.recv(1)
        except (TimeoutError, OSError):
            pass

    @staticmethod
    def answer(request, status, headers, content):
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    @staticmethod
    def close(request):
        request.close_connection = True
        try:
            request.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
