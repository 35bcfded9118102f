"""What is sent: events whose stored form is known beforehand, and the memory of what was said of each."""
import gzip
import hashlib
import json
import threading
import uuid

KINDS = {
    "impression": 1, "viewable": 2, "start": 3, "first_quartile": 4, "midpoint": 5, "third_quartile": 6, "complete": 7,
    "click": 8, "conversion": 9, "skip": 10, "mute": 11, "hide": 12, "interaction": 13,
}
WEIGHTS = [40, 10, 8, 5, 5, 4, 6, 12, 4, 2, 1, 1, 2]
# What a client may say, and what is stored of it.
DEVICES = {None: 0, "phone": 1, "tablet": 2, "desktop": 3, "smart TV": 4, "watch": 5, "toaster": 0}
DAY_MS = 86_400_000


def event_id(workspace, milliseconds, message):
    """The id Retake gives: 48 bits of the client's milliseconds, then the first 74 bits of a hash (UUIDv8)."""
    source = b"native"
    digest = hashlib.sha256(workspace.bytes + bytes([len(source)]) + source + b"\x01" + message.encode()).digest()
    bits = int.from_bytes(digest[:16], "big")
    value = (milliseconds & (2**48 - 1)) << 80 | 8 << 76 | (bits >> 116) << 64 | 2 << 62 | (bits >> 54) & (2**62 - 1)
    return uuid.UUID(int=value)


class Workspace:
    def __init__(self, name, number, key, variants, placements):
        self.name = name
        self.id = number
        self.key = key
        self.variants = variants
        self.placements = placements


class Message:
    """One event. `fate` is what must become of it: stored, quarantined or rejected."""

    __slots__ = ("text", "fate", "id", "row", "attempts", "committed", "acknowledged")

    def __init__(self, text, fate, identity=None, row=None):
        self.text = text
        self.fate = fate
        self.id = identity
        self.row = row
        self.attempts = 0           # how often all of its bytes may have reached the service
        self.committed = False      # a 200 said that it is in the database
        self.acknowledged = False   # a 200 said that it is kept, in the database or the spool


class Batch:
    """One body, which is the same bytes whenever it is sent again."""

    def __init__(self, workspace, messages, body, headers):
        self.workspace = workspace
        self.messages = messages
        self.body = body
        self.headers = headers
        self.sends = 0
        self.must_be_refused = False
        self.story = []  # what became of each sending, for whoever has to find out why


class Author:
    """Writes batches; a pure function of its random numbers, except for the moment times are counted from."""

    def __init__(self, random, name, workspaces, now_ms):
        self.random = random
        self.name = name
        self.workspaces = workspaces
        self.now_ms = now_ms
        self.count = 0

    def message(self, workspace):
        r = self.random
        self.count += 1
        number = f"{self.name}-{self.count}"
        chance = r.random()
        kind = r.choices(list(KINDS), WEIGHTS)[0]
        variant = r.choice(workspace.variants)
        placement = r.choice(workspace.placements + [None])
        # Most are recent; some fall into days whose partition nobody has met yet.
        at = self.now_ms - int(r.expovariate(1 / (6 * 3_600_000))) if chance > 0.03 else (
            self.now_ms - r.randrange(60) * DAY_MS)
        value = r.randrange(1, 50_000) * 10_000 if kind == "conversion" else None
        event = {"type": kind, "variant_id": str(variant), "viewer_id": f"viewer {r.randrange(3000)}",
                 "timestamp": at, "message_id": number}
        if placement:
            event["placement"] = placement
        device = r.choice(list(DEVICES))
        if device:
            event["device"] = device
        if value is not None:
            event["value"] = value / 1_000_000
        fate = "stored"
        if chance > 0.995:
            event["timestamp"] = r.choice([0, 4_102_444_800_000])  # 1970 and 2100
            fate = "quarantined"
        elif chance > 0.990:
            event["variant_id"] = str(uuid.UUID(int=r.getrandbits(128)))
            fate = "quarantined"
        elif chance > 0.985:
            del event["viewer_id"]
            fate = "rejected"
        text = json.dumps(event, separators=(",", ":"))
        if fate != "stored":
            return Message(text, fate)
        row = (str(variant), KINDS[kind], placement or "", at, value, DEVICES[device])
        return Message(text, fate, event_id(workspace.id, at, number), row)

    def batch(self, older=()):
        """A new body, with some messages of `older` among the new ones."""
        r = self.random
        workspace = older[0].workspace if older else r.choice(self.workspaces)
        size = r.choice([1, 1, 3, 10, 30, 100, 100, 300])
        messages = [self.message(workspace) for _ in range(size)]
        for batch in older:
            messages += r.sample(batch.messages, min(len(batch.messages), r.randrange(1, 20)))
        if r.random() < 0.05:
            messages.append(messages[0])
        r.shuffle(messages)
        return self.packed(workspace, messages)

    def packed(self, workspace, messages):
        r = self.random
        texts = [m.text for m in messages]
        headers = []
        if r.random() < 0.5:
            body = ("[" + ",".join(texts) + "]").encode()
            headers.append(("Content-Type", "application/json"))
        else:
            body = ("\n".join(texts) + "\n").encode()
            headers.append(("Content-Type", "application/x-ndjson"))
        if r.random() < 0.3:
            body = gzip.compress(body, 1, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        return Batch(workspace, messages, body, headers)

    def nonsense(self):
        """A body that must be refused as a whole."""
        workspace = self.random.choice(self.workspaces)
        body = self.random.choice([b"", b"null", b'[{"type":', b"[" * 10_000, b"\x1f\x8b\x08\x00broken", b"\x00\x00"])
        batch = Batch(workspace, [], body, [("Content-Encoding", "gzip")] if body.startswith(b"\x1f") else [])
        batch.must_be_refused = True
        return batch


class Ledger:
    """What all senders did and were told. Everything in it is safe to touch from several threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.batches = []
        self.torn = []
        self.wrong = []
        self.answers = {}
        self.resends = 0
        self.lost = 0
        self.told = {"received": 0, "stored": 0, "duplicate": 0, "quarantined": 0, "rejected": 0, "spooled": 0}
        self.most_received = 0  # by bodies that were sent whole, whatever became of them
        self.slowest_s = 0.0

    def complain(self, text):
        with self.lock:
            if len(self.wrong) < 50:
                self.wrong.append(text)

    def past(self, random):
        with self.lock:
            return random.choice(self.batches) if self.batches else None
