"""Senders: threads that send, break off, send again, and check every answer against what they know."""
import collections
import random
import socket
import threading
import time

import messages
import wire

# A client that waits so long for an answer of a service that lives has found a bug.
HANG_S = 45


class Sender(threading.Thread):
    def __init__(self, seed, number, ledger, workspaces, services, now_ms):
        super().__init__(name=f"sender {number}", daemon=True)
        self.random = random.Random(f"{seed}/sender/{number}")
        self.author = messages.Author(self.random, f"{seed}-{number}", workspaces, now_ms)
        self.ledger = ledger
        self.services = services
        self.stopping = threading.Event()
        self.connection = None
        self.port = None
        self.again = collections.deque()  # (not before, batch)

    def run(self):
        try:
            while not self.stopping.is_set():
                self.step()
                self.stopping.wait(self.random.choice([0, 0, 0.002, 0.02, 0.1]))
            self.finish()
        except Exception as error:  # A sender that fails silently would make a seed look clean.
            self.ledger.complain(f"{self.name} failed: {error!r}")
        finally:
            self.drop()

    def step(self):
        r = self.random
        if self.again and self.again[0][0] <= time.monotonic():
            return self.send(self.again.popleft()[1], again=True)
        chance = r.random()
        older = self.ledger.past(r)
        if chance < 0.02:
            return self.send(self.author.nonsense())
        if older and chance < 0.12:
            return self.send(older, again=True)
        if older and chance < 0.20:
            return self.send(self.author.batch([older]))
        batch = self.author.batch()
        if chance < 0.24:
            return self.tear(batch)
        self.send(batch)
        if r.random() < 0.05:
            self.send(batch, again=True)  # At once, as an impatient client does.

    def finish(self):
        """What was never answered with success is sent until it is."""
        deadline = time.monotonic() + 90
        while self.again:
            if time.monotonic() > deadline:
                return self.ledger.complain(f"{len(self.again)} bodies were still turned away 90 s after all was well")
            self.send(self.again.popleft()[1], again=True)
            time.sleep(0.02)

    def send(self, batch, again=False):
        r = self.random
        timeout = HANG_S
        if not self.stopping.is_set() and r.random() < 0.1:
            timeout = r.choice([0.01, 0.1, 1])  # Some clients give up early.
        data = wire.request("/v1/events", batch.workspace.key, batch.body, batch.headers)
        known = sum(1 for m in {id(m): m for m in batch.messages}.values() if m.committed and m.fate == "stored")
        try:
            self.connect(timeout)
        except wire.NotSent:
            return self.later(batch)
        with self.ledger.lock:
            for message in batch.messages:
                message.attempts += 1
            self.ledger.most_received += len(batch.messages)
            self.ledger.resends += 1 if again else 0
            if batch.sends == 0 and not batch.must_be_refused:
                self.ledger.batches.append(batch)
            batch.sends += 1
        started = time.monotonic()
        try:
            self.connection.send(data, timeout)
            status, headers, body = self.connection.answer(timeout)
        except wire.LostAnswer as error:
            self.drop()
            if timeout == HANG_S and str(error) == "timeout":
                self.ledger.complain(f"no answer within {HANG_S} s")
            with self.ledger.lock:
                self.ledger.lost += 1
            return self.later(batch)
        except wire.WrongAnswer as error:
            self.drop()
            return self.ledger.complain(str(error))
        with self.ledger.lock:
            self.ledger.slowest_s = max(self.ledger.slowest_s, time.monotonic() - started)
            self.ledger.answers[status] = self.ledger.answers.get(status, 0) + 1
        if headers.get("connection", "").lower() == "close" or r.random() < 0.02:
            self.drop()
        self.judge(batch, known, status, headers, body)

    def judge(self, batch, known, status, headers, body):
        complain = self.ledger.complain
        try:
            answer = wire.decoded(body)
        except wire.WrongAnswer as error:
            return complain(f"{status}: {error}")
        if status == 200:
            if batch.must_be_refused:
                return complain(f"nonsense was taken: {batch.body[:40]!r}")
            return self.accept(batch, known, answer)
        for key in ("code", "message", "detail"):
            if not answer.get(key):
                complain(f"{status} without {key!r}: {body[:200]!r}")
        if status in (429, 503):
            if not headers.get("retry-after", "").isdigit():
                complain(f"{status} without Retry-After in seconds: {headers}")
            if not batch.must_be_refused:
                self.later(batch)
        elif status == 400 and batch.must_be_refused:
            pass
        else:
            complain(f"{status} for a {'bad' if batch.must_be_refused else 'good'} body: {body[:300]!r}")

    def accept(self, batch, known, answer):
        """A 200: the counts must add up to what was sent, and agree with what was said before."""
        complain = self.ledger.complain
        counts = answer.get("counts", {})
        get = lambda name: int(counts.get(name, answer.get(name, 0)))
        fates = collections.Counter(m.fate for m in batch.messages)
        unique = {id(m): m for m in batch.messages}.values()
        good = [m for m in unique if m.fate == "stored"]
        spooled = get("spooled")
        if answer.get("success") is not True or answer.get("status") != 1:
            complain(f"200 without success: {answer}")
        if spooled > 0:
            if get("received") != len(batch.messages) or get("rejected") != fates["rejected"] \
                    or get("rejected") + spooled != len(batch.messages):
                complain(f"a spooled body of {dict(fates)} is answered with {counts}")
        else:
            kept = get("stored") + get("duplicate")
            if get("received") != len(batch.messages) or kept != fates["stored"] \
                    or get("quarantined") != fates["quarantined"] or get("rejected") != fates["rejected"]:
                complain(f"a body of {dict(fates)} is answered with {counts}")
            elif get("stored") > len(good) - known:
                complain(f"{get('stored')} called new, though {known} of {len(good)} had been acknowledged before")
            fresh = sum(1 for m in good if m.attempts == 1)
            if get("stored") < fresh:
                complain(f"{get('stored')} called new, though {fresh} of {len(good)} had never been sent before")
            listed = sorted(r["index"] for r in answer.get("rejected", []))
            if listed != [i for i, m in enumerate(batch.messages) if m.fate != "stored"]:
                complain(f"rejected[] lists {listed}")
        with self.ledger.lock:
            for name in self.ledger.told:
                self.ledger.told[name] += get(name)
            for message in unique:
                message.acknowledged = True
                if spooled == 0:
                    message.committed = True

    def tear(self, batch):
        """Sends a part of a request and breaks off, in one of the ways connections break."""
        r = self.random
        data = wire.request("/v1/events", batch.workspace.key, batch.body, batch.headers)
        head = data.index(b"\r\n\r\n") + 4
        cut = r.randrange(1, len(data)) if r.random() < 0.5 else r.randrange(head, len(data))
        newline = data.rfind(b"\n", head, cut)
        if newline > 0 and r.random() < 0.5:
            cut = newline + 1  # Between two lines, where a part could be taken for the whole.
        try:
            self.drop()
            self.connect(5)
            self.connection.send(data[:cut], 5)
            way = r.random()
            if way < 0.3:
                self.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # RST
            elif way < 0.7:
                self.connection.socket.shutdown(socket.SHUT_WR)
                status, _, _ = self.connection.answer(5)
                if status == 200:
                    self.ledger.complain(f"200 for the first {cut} of {len(data)} bytes of a request")
        except (wire.NotSent, wire.LostAnswer, wire.WrongAnswer, OSError):
            pass
        self.drop()
        if r.random() < 0.5:
            with self.ledger.lock:
                self.ledger.torn.append(batch)
        else:
            self.later(batch)

    def connect(self, timeout):
        if self.connection is None:
            service = self.random.choice(self.services)
            if service.port is None:
                raise wire.NotSent("it has no port yet")
            self.connection = wire.Connection(service.port, timeout)

    def drop(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def later(self, batch):
        """Most are sent again soon, some late, some never."""
        chance = self.random.random()
        if batch.must_be_refused or (batch.sends > 0 and chance < 0.03):
            return
        pause = self.random.choice([0, 0.1, 0.5, 2]) if chance < 0.9 else 8
        self.again.append((time.monotonic() + pause, batch))
        if len(self.again) > 1:
            self.again = collections.deque(sorted(self.again, key=lambda pair: pair[0]))
