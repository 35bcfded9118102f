"""What goes wrong, and when: a schedule that is a pure function of the seed, and the hands that carry it out."""
import random
import signal
import threading
import time

# name -> how often it is drawn. Every seed has at least one of each of the first five.
WEIGHTS = {
    "kill service": 4, "kill database": 4, "lock a table": 3, "fill database disk": 3, "stop service": 2,
    "restart database": 2, "freeze database": 2, "end sessions": 2, "fill service disk": 2, "kill both": 2,
    "freeze service": 1,
}
ALWAYS = list(WEIGHTS)[:5]
TABLES = ["events", "events", "events", "ingest_batch", "ingest_count", "rollup_hour", "quarantine", "api_key"]


class Fault:
    def __init__(self, at, name, lasts, service, table):
        self.at = at
        self.name = name
        self.lasts = lasts
        self.service = service
        self.table = table

    def __str__(self):
        what = {"lock a table": f"lock {self.table}"}.get(self.name, self.name)
        where = f" {self.service}" if "service" in self.name else ""
        return f"{self.at:6.2f} s  {what}{where} for {self.lasts:.2f} s"


def schedule(seed, seconds, services, can_fill):
    """Faults in order of time. They may overlap: a disk that is full while the server dies is what happens."""
    r = random.Random(f"{seed}/schedule")
    usable = [name for name in WEIGHTS if can_fill or "disk" not in name]
    names = [name for name in ALWAYS if name in usable]
    while len(names) < seconds / 1.6:
        names.append(r.choices(usable, [WEIGHTS[name] for name in usable])[0])
    r.shuffle(names)
    faults = []
    for index, name in enumerate(names):
        at = 0.5 + (seconds - 1) * (index + r.random()) / len(names)
        lasts = r.choice([0, 0.05, 0.3, 1, 1, 2, 4]) if "kill" in name or "stop" in name else r.uniform(0.2, 5)
        faults.append(Fault(at, name, lasts, r.randrange(services), r.choice(TABLES)))
    return sorted(faults, key=lambda fault: fault.at)


class Injector:
    """Carries a schedule out. One thing at a time happens to a service and to the database; the rest overlaps."""

    def __init__(self, cluster, database_disk, services, service_disk, complain, tell):
        self.cluster = cluster
        self.services = services
        self.disks = {"fill database disk": database_disk, "fill service disk": service_disk}
        self.complain = complain
        self.tell = tell
        self.database_turn = threading.RLock()
        self.service_turns = [threading.RLock() for _ in services]
        self.threads = []
        self.started = time.monotonic()

    def run(self, faults):
        for fault in faults:
            time.sleep(max(0, self.started + fault.at - time.monotonic()))
            thread = threading.Thread(target=self._carry_out, args=(fault,), daemon=True)
            thread.start()
            self.threads.append(thread)
        for thread in self.threads:
            thread.join(timeout=180)
            if thread.is_alive():
                self.complain("a fault could not be ended within 180 s")

    def _carry_out(self, fault):
        try:
            self.tell(str(fault))
            getattr(self, "_" + fault.name.replace(" ", "_"))(fault)
        except Exception as error:
            self.complain(f"{fault}: {error}")

    def _kill_service(self, fault):
        with self.service_turns[fault.service]:
            service = self.services[fault.service]
            self._check_alive(service)
            service.kill()
            time.sleep(fault.lasts)
            service.start()

    def _stop_service(self, fault):
        with self.service_turns[fault.service]:
            service = self.services[fault.service]
            self._check_alive(service)
            problem = service.stop()
            if problem:
                self.complain(f"told to stop, {problem}")
            time.sleep(fault.lasts)
            service.start()

    def _freeze_service(self, fault):
        with self.service_turns[fault.service]:
            service = self.services[fault.service]
            service.freeze(True)
            time.sleep(fault.lasts)
            service.freeze(False)

    def _kill_database(self, fault):
        with self.database_turn:
            self.cluster.kill()
            time.sleep(fault.lasts)
            self.cluster.start()

    def _kill_both(self, fault):
        with self.service_turns[fault.service], self.database_turn:
            service = self.services[fault.service]
            self._check_alive(service)
            self.cluster.kill()
            service.kill()
            time.sleep(fault.lasts)
            # The service may come back first and must find its own way.
            restart = threading.Thread(target=self.cluster.start)
            restart.start()
            service.start(patience=90)
            restart.join()

    def _restart_database(self, fault):
        with self.database_turn:
            self.cluster.stop()
            time.sleep(fault.lasts)
            self.cluster.start()

    def _freeze_database(self, fault):
        with self.database_turn:
            self.cluster.signal_all(signal.SIGSTOP)
            time.sleep(fault.lasts)
            self.cluster.signal_all(signal.SIGCONT)

    def _lock_a_table(self, fault):
        sql = f"BEGIN; LOCK TABLE {fault.table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({fault.lasts})"
        self.cluster.session(sql).wait()

    def _end_sessions(self, _):
        self.cluster.session(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND application_name LIKE 'retake%'").wait()

    def _fill_database_disk(self, fault):
        self._fill(fault)
        # A server that could not write its log has stopped altogether: whoever runs it starts it again.
        with self.database_turn:
            self.cluster.start()

    def _fill_service_disk(self, fault):
        self._fill(fault)

    def _fill(self, fault):
        disk = self.disks[fault.name]
        end = time.monotonic() + fault.lasts
        try:
            while time.monotonic() < end:
                disk.fill()
                time.sleep(0.1)
        finally:
            disk.free()

    def _check_alive(self, service):
        if service.died_by_itself():
            self.complain(f"the service died by itself with status {service.process.returncode}")
