"""Sends events with one of the SDKs of PyPI, as it comes, and tells what became of them as one JSON object.

    send.py SDK SERVICE KEY VARIANT PREFIX COUNT [STEP …]

PREFIX begins every message id, so that a test can count what was stored. With steps the SDK talks to the service
through the fault proxy that follows them. What the SDK gives up on is put back into its queue once, as an application
would that keeps what could not be sent.
"""

import json
import logging
import sys
import uuid

from fault_proxy import FaultProxy

logging.disable(logging.CRITICAL)

sdk, service, key, variant, prefix, count, *script = sys.argv[1:]
count = int(count)
proxy = FaultProxy(service, script) if script else None
host = proxy.url if proxy else service
failed = []
given_up = []


def on_error(error, batch):
    failed.append(f"{type(error).__name__}: {error}")
    given_up.extend(batch)


def flush(client):
    client.flush()
    again, given_up[:] = list(given_up), []
    for message in again:
        client.queue.put(message)
    if again:
        client.flush()


def properties(number):
    return {"variant_id": variant, "placement": None, "number": number}


def ids():
    return [str(uuid.uuid5(uuid.NAMESPACE_URL, f"{prefix}/{number}")) for number in range(count)]


if sdk == "segment":
    from segment.analytics.client import Client

    client = Client(
        key, host=host, on_error=on_error, gzip=True, upload_size=20, upload_interval=0.1, timeout=2,
        max_retries=8)
    for number, message in enumerate(ids()):
        client.track(f"{prefix}-{number % 7}", "Promotion Viewed", properties(number), message_id=message)
    client.identify("someone", {"plan": "free"})
    client.page("someone", "pages", "home")
    flush(client)
    client.shutdown()
elif sdk == "rudderstack":
    from rudderstack.analytics.client import Client

    client = Client(
        key, host=host, on_error=on_error, upload_size=20, upload_interval=0.1, timeout=2, max_retries=8)
    for number, message in enumerate(ids()):
        client.track(f"{prefix}-{number % 7}", "Video Ad Started", properties(number), message_id=message)
    client.identify("someone", {"plan": "free"})
    flush(client)
elif sdk == "posthog":
    from posthog import Posthog

    client = Posthog(
        key, host=host, on_error=on_error, flush_at=20, flush_interval=0.1, timeout=2, max_retries=8, gzip=True)
    for number, message in enumerate(ids()):
        client.capture(
            "Ad Clicked", distinct_id=f"{prefix}-{number % 7}", properties=properties(number), uuid=message)
    client.capture("$pageview", distinct_id="someone")
    flush(client)
    client.shutdown()
else:
    sys.exit(f"unknown SDK {sdk}")

print(json.dumps({"failed": failed, "steps": proxy.seen if proxy else []}))
