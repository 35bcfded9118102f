"""What the database holds at the end, against what was sent and what was promised."""
import itertools

COUNTED = ["impressions", "viewables", "starts", "first_quartiles", "midpoints", "third_quartiles", "completes", "clicks",
           "conversions", "skips", "mutes", "hides", "interactions"]

MOMENTS = """
  SELECT campaign_id, variant_id, first_day, count(*) AS viewers,
    sum(impressions) AS impressions, sum(impressions::numeric ^ 2) AS impressions_square,
    {measures},
    sum(value_micros) AS value_micros, sum(value_micros::numeric ^ 2) AS value_micros_square,
    sum(impressions::numeric * value_micros) AS impressions_value_micros
  FROM ({viewers}) AS viewer GROUP BY campaign_id, variant_id, first_day"""

VIEWERS = """
  SELECT campaign_id, variant_id, viewer_id, min((occurred_at AT TIME ZONE 'UTC')::date) AS first_day,
    count(*) FILTER (WHERE kind = 1) AS impressions, count(*) FILTER (WHERE kind = 7) AS completes,
    count(*) FILTER (WHERE kind = 8) AS clicks, count(*) FILTER (WHERE kind = 9) AS conversions,
    coalesce(sum(value_micros), 0) AS value_micros
  FROM events WHERE traffic = 0 GROUP BY campaign_id, variant_id, viewer_id"""


def measure(name):
    return (f"sum({name}) AS {name}, count(*) FILTER (WHERE {name} > 0) AS {name}_viewers, "
            f"sum({name}::numeric ^ 2) AS {name}_square, sum(impressions::numeric * {name}) AS impressions_{name}")


class Verdict:
    def __init__(self, cluster, ledger, workspaces):
        self.cluster = cluster
        self.ledger = ledger
        self.workspaces = workspaces
        self.wrong = []
        self.notes = []
        self.acknowledged = 0
        self.stored = 0
        self.columns = {(t, c) for t, c in cluster.query(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")}
        self.has_traffic = ("events", "traffic") in self.columns

    def reach(self):
        self.messages()
        self.counts()
        self.rollups()
        if self.has_traffic:
            self.filtered()
            self.viewers()
        return self.wrong

    def messages(self):
        """Acknowledged is a part of stored, stored is a part of sent, and each stands there once, as it was sent."""
        promised, possible = {}, {}
        for batch in self.ledger.batches:
            for message in batch.messages:
                if message.id is not None and message.attempts:
                    possible[str(message.id)] = message
                    if message.acknowledged:
                        promised[str(message.id)] = message
        torn = {str(m.id) for b in self.ledger.torn for m in b.messages if m.id is not None} - possible.keys()
        self.acknowledged = len(promised)
        seen = set()
        twice = []
        different = []
        rows = self.cluster.query(
            "SELECT event_id, variant_id, kind, coalesce(placement.name, ''),"
            " round(extract(epoch FROM occurred_at) * 1000)::bigint, value_micros, device"
            " FROM events LEFT JOIN placement ON placement.id = events.placement")
        for number, *row in rows:
            if number in seen:
                twice.append(number)
            seen.add(number)
            message = possible.get(number)
            if message is None:
                continue
            sent = tuple("" if field is None else str(field) for field in message.row)
            if sent != tuple(row):
                different.append(f"{number} was sent as {sent} and stored as {tuple(row)}")
        self.stored = len(rows)
        missing = {number for number in promised if number not in seen}
        self._complain("acknowledged events are not stored", missing)
        self._tell_stories(missing)
        self._complain("events are stored twice", twice)
        self._complain("events are stored of requests that never arrived whole", torn & seen)
        self._complain("events are stored that nobody sent", seen - possible.keys() - torn)
        self._complain("events are stored other than they were sent", different)

    def _tell_stories(self, missing):
        for batch in self.ledger.batches:
            count = sum(1 for m in batch.messages if m.id is not None and str(m.id) in missing)
            if count and len(self.wrong) < 8:
                self.wrong.append(f"{count} of these were sent in one body: " + "; ".join(batch.story))

    def counts(self):
        """The counters add up, to the rows that are there and to what clients were told."""
        names = ["received", "stored", "duplicate", "quarantined", "rejected"]
        sums = self.cluster.query(
            "SELECT " + ", ".join(f"coalesce(sum({n}), 0)" for n in names) + " FROM ingest_count")[0]
        counted = dict(zip(names, map(int, sums)))
        if counted["received"] != sum(counted[n] for n in names[1:]):
            self.wrong.append(f"the counters do not add up: {counted}")
        if counted["stored"] != self.stored:
            self.wrong.append(f"{counted['stored']} counted as stored, {self.stored} events stored")
        batches = int(self.cluster.query("SELECT coalesce(sum(stored), 0) FROM ingest_batch")[0][0])
        if batches != self.stored:
            self.wrong.append(f"{batches} stored by the batches' own count, {self.stored} events stored")
        told = self.ledger.told
        if counted["received"] < told["received"]:
            self.wrong.append(f"{told['received']} received by the answers, {counted['received']} by the counters")
        # A request that was replayed when the service was killed is replayed, and counted, again.
        if counted["received"] > self.ledger.most_received and not told["spooled"]:
            self.wrong.append(f"{counted['received']} received by the counters, {self.ledger.most_received} sent at most")
        for name in names[1:]:
            if counted[name] < told[name]:
                self.wrong.append(f"{told[name]} {name} by the answers, {counted[name]} by the counters")
        kept = int(self.cluster.query("SELECT count(*) FROM quarantine")[0][0])
        texts = {}
        for batch in self.ledger.batches:
            for message in batch.messages:
                if message.fate == "quarantined":
                    texts[id(message)] = texts.get(id(message), False) or message.acknowledged
        if not sum(texts.values()) <= kept <= len(texts):
            self.wrong.append(f"{kept} in quarantine, of {len(texts)} sent and {sum(texts.values())} acknowledged")

    def rollups(self):
        where = "WHERE traffic = 0" if self.has_traffic else ""
        sums = ", ".join(f"count(*) FILTER (WHERE kind = {n + 1}) AS {name}" for n, name in enumerate(COUNTED))
        recount = (f"SELECT campaign_id, variant_id, date_trunc('hour', occurred_at, 'UTC') AS hour, placement, {sums},"
                   f" coalesce(sum(value_micros), 0)::bigint AS value_micros FROM events {where} GROUP BY 1, 2, 3, 4")
        columns = "campaign_id, variant_id, hour, placement, " + ", ".join(COUNTED) + ", value_micros"
        self._same("rollup_hour", columns, recount)
        devices = ("SELECT campaign_id, variant_id, date_trunc('hour', occurred_at, 'UTC') AS hour, device,"
                   " count(*) FILTER (WHERE kind = 1) AS impressions, count(*) FILTER (WHERE kind = 7) AS completes,"
                   " count(*) FILTER (WHERE kind = 8) AS clicks, count(*) FILTER (WHERE kind = 9) AS conversions"
                   f" FROM events {where} {'AND' if where else 'WHERE'} kind IN (1, 7, 8, 9) GROUP BY 1, 2, 3, 4")
        self._same("rollup_device_hour",
                   "campaign_id, variant_id, hour, device, impressions, completes, clicks, conversions", devices)
        unfolded = int(self.cluster.query("SELECT count(*) FROM ingest_batch WHERE folded_at IS NULL")[0][0])
        if unfolded:
            self.wrong.append(f"{unfolded} batches are not folded")

    def filtered(self):
        columns = "campaign_id, variant_id, placement, hour, traffic, kind, events, value_micros"
        self._same("rollup_filtered_hour", columns, """
          SELECT campaign_id, variant_id, placement, date_trunc('hour', occurred_at, 'UTC') AS hour, traffic, kind,
            count(*) AS events, coalesce(sum(value_micros), 0)::bigint AS value_micros
          FROM events WHERE traffic > 0 GROUP BY 1, 2, 3, 4, 5, 6""")

    def viewers(self):
        if int(self.cluster.query("SELECT count(*) FROM viewer_stat")[0][0]) == 0:
            self.notes.append("NOT CHECKED: viewer_stat and viewer_moment are empty, nothing fills them yet")
            return
        columns = ("campaign_id, variant_id, viewer_id, first_day, impressions, completes, clicks, conversions,"
                   " value_micros")
        self._same("viewer_stat", columns, VIEWERS)
        names = ["completes", "clicks", "conversions"]
        measures = ", ".join(measure(name) for name in names)
        columns = "campaign_id, variant_id, first_day, viewers, impressions, impressions_square, " + ", ".join(
            f"{n}, {n}_viewers, {n}_square, impressions_{n}" for n in names
        ) + ", value_micros, value_micros_square, impressions_value_micros"
        recount = MOMENTS.format(measures=measures, viewers=VIEWERS)
        self._same("viewer_moment", columns, recount, "WHERE viewers <> 0")

    def _same(self, table, columns, recount, where=""):
        """The table's rows and the recount's are the same."""
        sql = "SELECT count(*) FROM (({left} EXCEPT ALL {right}) UNION ALL ({right} EXCEPT ALL {left})) AS difference"
        left = f"SELECT {columns} FROM {table} {where}"
        right = f"SELECT {columns} FROM ({recount}) AS recount"
        count = int(self.cluster.query(sql.format(left=left, right=right))[0][0])
        if count:
            self.wrong.append(f"{table} differs from a recount of the events in {count} rows")

    def _complain(self, what, found):
        if found:
            few = ", ".join(itertools.islice(found, 3))
            self.wrong.append(f"{len(found)} {what}: {few}")
