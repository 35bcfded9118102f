"""One seed: a fresh disk, database, service and load; a schedule of faults; and what became of it all."""
import os
import random
import shutil
import tempfile
import time
import uuid

import cluster as clusters
import disk as disks
import faults
import load
import messages
import service as services
import verdict
import wire

PLACEMENTS = ["tiktok.infeed", "youtube.bumper"]


class Outcome:
    def __init__(self, seed):
        self.seed = seed
        self.wrong = []
        self.notes = []
        self.faults = []
        self.figures = {}
        self.folder = None

    @property
    def is_clean(self):
        return not self.wrong

    def line(self):
        f = self.figures
        state = "clean" if self.is_clean else "BROKEN"
        if not f:
            return f"seed {self.seed} {state}: {'; '.join(self.wrong)}"
        return (f"seed {self.seed} {state}: {f['faults']} faults, {f['acknowledged']:,} acknowledged, {f['stored']:,} stored,"
                f" {f['spooled']:,} by way of the spool, {f['resends']:,} bodies sent again, {f['lost']:,} answers lost,"
                f" {f['turned_away']:,} turned away, slowest answer {f['slowest_s']:.1f} s, {f['rss_mb']:.0f} MB,"
                f" {f['seconds']:.0f} s")


class Seed:
    def __init__(self, seed, seconds, program, repository, verbose):
        self.outcome = Outcome(seed)
        self.seconds = seconds
        self.program = program
        self.repository = repository
        self.verbose = verbose
        self.random = random.Random(f"{seed}/world")
        self.folder = tempfile.mkdtemp(prefix=f"retake-faults-{seed}-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self.started = time.monotonic()
        self.diary = open(os.path.join(self.folder, "diary.log"), "w", encoding="utf-8")
        self.ledger = messages.Ledger()
        self.mounted = []
        self.services = []
        self.cluster = None

    def tell(self, text):
        line = f"{time.monotonic() - self.started:7.2f}  {text}"
        print(line, file=self.diary, flush=True)
        if self.verbose:
            print("    " + line, flush=True)

    def run(self):
        outcome = self.outcome
        try:
            workspaces = self.prepare()
            self.drive(workspaces)
            self.settle()
            judge = verdict.Verdict(self.cluster, self.ledger, workspaces)
            outcome.wrong = list(self.ledger.wrong) + judge.reach()
            outcome.notes = judge.notes
            self.figures(judge)
        except Exception as error:
            outcome.wrong = list(self.ledger.wrong) + [f"the harness could not go on: {error!r}"]
        finally:
            self.clean_up()
        return outcome

    def disk(self, name, megabytes):
        disk = disks.Disk(os.path.join(self.folder, name), megabytes)
        self.mounted.append(disk)
        return disk

    def prepare(self):
        self.database_disk = self.disk("pg", 320)
        self.service_disk = self.disk("data", 96)
        self.cluster = clusters.Cluster(self.database_disk.folder, os.path.join(self.folder, "postgres.log"))
        self.cluster.make()
        for number in range(self.random.choice([1, 1, 2])):
            data = os.path.join(self.service_disk.folder, str(number))
            os.makedirs(data)
            log = os.path.join(self.folder, f"service-{number}.log")
            self.services.append(services.Service(self.program, self.cluster.url, data, log))
        first = self.services[0]
        first.command("migrate")
        workspaces = [self.workspace(first, name) for name in ["left", "right"]]
        for service in self.services:
            service.start()
        return workspaces

    def workspace(self, service, name):
        export = os.path.join(self.repository, "Tests/EndToEnd/Fixtures/meta-export.csv")
        service.command("import", "insights", export, "--from", "meta", "--campaign", "spring", "--workspace", name)
        key = service.command("key", "create", "faults", "--scope", "ingest", "--workspace", name)
        placements = ", ".join(f"'{p}'" for p in PLACEMENTS)
        own = f"(SELECT id FROM workspace WHERE name = '{name}')"
        self.cluster.query(f"UPDATE campaign SET placements = ARRAY[{placements}] WHERE workspace_id = {own}")
        variants = self.cluster.query(
            "SELECT variant.id FROM variant JOIN campaign ON campaign.id = variant.campaign_id"
            f" WHERE campaign.workspace_id = {own} ORDER BY variant.name")
        number = uuid.UUID(self.cluster.query(f"SELECT id FROM workspace WHERE name = '{name}'")[0][0])
        return messages.Workspace(name, number, key, [uuid.UUID(v[0]) for v in variants], PLACEMENTS)

    def drive(self, workspaces):
        can_fill = self.database_disk.can_fill and self.service_disk.can_fill
        if not can_fill:
            self.outcome.notes.append("NOT TRIED: full disks, which take root to make")
        plan = faults.schedule(self.outcome.seed, self.seconds, len(self.services), can_fill)
        self.outcome.faults = [str(fault) for fault in plan]
        now_ms = int(time.time() * 1000)
        senders = [load.Sender(self.outcome.seed, n, self.ledger, workspaces, self.services, now_ms) for n in range(6)]
        for sender in senders:
            sender.start()
        injector = faults.Injector(
            self.cluster, self.database_disk, self.services, self.service_disk, self.ledger.complain, self.tell)
        injector.run(plan)
        time.sleep(max(0, injector.started + self.seconds - time.monotonic()))
        self.tell("all is well again")
        self.cluster.start()
        for service in self.services:
            if service.died_by_itself():
                self.ledger.complain(f"the service died by itself with status {service.process.returncode}")
                service.start()
        for sender in senders:
            sender.stopping.set()
        for sender in senders:
            sender.join(timeout=150)
            if sender.is_alive():
                self.ledger.complain(f"{sender.name} does not end")

    def settle(self):
        """Waits until nothing is left to be done, then stops the services, who must agree."""
        self.tell("settling")
        deadline = time.monotonic() + 90
        while True:
            left = self.left_to_do()
            if not left:
                break
            if time.monotonic() > deadline:
                self.ledger.complain(f"90 s after all was well there is still: {left}")
                break
            time.sleep(0.2)
        for service in self.services:
            service.note_memory()
            problem = service.stop()
            if problem:
                self.ledger.complain(f"told to stop at the end, {problem}")
            damaged = [name for name in service.spool_files() if name.endswith(".damaged")]
            if damaged:
                self.ledger.complain(f"requests were set aside: {damaged}")
        self.tell("stopped")

    def left_to_do(self):
        left = {}
        for service in self.services:
            try:
                status, _, body = wire.get(service.port, "/metrics")
            except (wire.LostAnswer, wire.NotSent) as error:
                return {"metrics": str(error)}
            if status != 200:
                return {"metrics": status}
            for line in body.decode().splitlines():
                name, _, value = line.rpartition(" ")
                if name in ("retake_events_waiting", "retake_rollup_backlog_batches", "retake_viewer_backlog_batches") \
                        or name in ("retake_spool_bytes", "retake_spool_records"):
                    if float(value) > 0:
                        left[name] = value
        for service in self.services:
            waiting = [name for name in service.spool_files() if name.endswith(".spool")]
            if waiting:
                left["spool"] = waiting
        if not self.cluster.query("SELECT 1 FROM viewer_stat LIMIT 1" if self.has_viewers else "SELECT 1 WHERE false"):
            return left
        waiting = self.cluster.query("SELECT count(*) FROM ingest_batch WHERE viewers_folded_at IS NULL")
        if int(waiting[0][0]):
            left["viewer batches"] = waiting[0][0]
        return left

    @property
    def has_viewers(self):
        return self.cluster.query("SELECT to_regclass('viewer_stat') IS NOT NULL")[0][0] == "t"

    def figures(self, judge):
        ledger = self.ledger
        self.outcome.figures = {
            "faults": len(self.outcome.faults), "acknowledged": judge.acknowledged, "stored": judge.stored,
            "spooled": ledger.told["spooled"], "resends": ledger.resends, "lost": ledger.lost,
            "turned_away": ledger.answers.get(503, 0) + ledger.answers.get(429, 0), "torn": len(ledger.torn),
            "slowest_s": round(ledger.slowest_s, 2), "rss_mb": max(s.highest_rss_mb for s in self.services),
            "seconds": round(time.monotonic() - self.started, 1),
        }

    def clean_up(self):
        for service in self.services:
            service.kill()
        if self.cluster:
            self.cluster.kill()
        if self.outcome.is_clean:
            for disk in self.mounted:
                disk.remove()
            self.diary.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        # What is on a mounted disk would be gone with it.
        for disk in self.mounted:
            disk.free()
            if disk.can_fill:
                shutil.copytree(disk.folder, disk.folder + ".kept", ignore_dangling_symlinks=True,
                                ignore=lambda d, names: [n for n in names if n.startswith(".s.")])
            disk.remove()
        self.diary.close()
        self.outcome.folder = self.folder
