"""A PostgreSQL server of the harness's own, on a disk small enough to be filled, that can be killed as a whole."""
import glob
import os
import pwd
import shutil
import signal
import subprocess
import time

SETTINGS = {
    "listen_addresses": "", "max_connections": "60", "timezone": "UTC", "log_timezone": "UTC", "jit": "off",
    "logging_collector": "off", "shared_buffers": "32MB", "min_wal_size": "32MB", "max_wal_size": "64MB",
    "checkpoint_timeout": "30s", "log_line_prefix": "%m [%p] ", "log_lock_waits": "on",
}


class ClusterError(Exception):
    pass


def binaries():
    """The newest PostgreSQL of Debian's layout, else what stands on the PATH."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    if found:
        return found[-1]
    program = shutil.which("postgres")
    if not program:
        raise ClusterError("there is no PostgreSQL server on this machine; scripts/setup installs one")
    return os.path.dirname(os.path.realpath(program))


def children(parent):
    """Ids of the living processes whose parent is `parent`."""
    result = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="latin-1") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            result.append(int(entry))
    return result


class Cluster:
    """The folder must be one that PostgreSQL's user can reach; the log stands outside it, as the disk will be full."""

    def __init__(self, folder, log):
        self.bin = binaries()
        self.data = os.path.join(folder, "data")
        self.sockets = folder
        self.log = log
        self.process = None
        self.prefix = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    @property
    def url(self):
        return f"postgresql://retake@/retake?host={self.sockets}"

    def make(self):
        self._run([f"{self.bin}/initdb", "-D", self.data, "-U", "retake", "--auth=trust", "--encoding=UTF8",
                   "--locale=C.UTF-8", "--no-instructions", "--no-sync"])
        self.start()
        self._run([f"{self.bin}/createdb", "-h", self.sockets, "-U", "retake", "--maintenance-db=postgres", "retake"])

    def _run(self, command):
        outcome = subprocess.run(self.prefix + command, capture_output=True, text=True, cwd="/", check=False)
        if outcome.returncode != 0:
            raise ClusterError(f"{os.path.basename(command[0])}: {outcome.stdout}{outcome.stderr}")

    def launch(self):
        """Starts the server as our own child, so that a killed one is reaped, and does not wait."""
        settings = dict(SETTINGS, unix_socket_directories=self.sockets)
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.prefix + [f"{self.bin}/postgres", "-D", self.data] + options, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd="/", start_new_session=True)

    def start(self, patience=60):
        """Starts until it answers: a disk that was full may stop the first tries."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                self.launch()
            if self.answers():
                return
            time.sleep(0.1)
        raise ClusterError(f"PostgreSQL does not start within {patience} s; see {self.log}")

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def answers(self):
        command = [f"{self.bin}/psql", "-X", "-At", "-h", self.sockets, "-U", "retake", "-d", "postgres", "-c", "SELECT 1"]
        environment = dict(os.environ, PGCONNECT_TIMEOUT="2")
        try:
            return subprocess.run(command, capture_output=True, timeout=5, env=environment, check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def signal_all(self, number):
        """To the server and each of its processes: those of this cluster and no other."""
        if not self.is_running:
            return
        family = [self.process.pid] + children(self.process.pid)
        for process in family:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def kill(self):
        """As when the machine's memory runs out: every process at once, nothing is written any more."""
        if not self.is_running:
            return
        family = children(self.process.pid)
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        # Orphans of a killed server that still hold its memory would keep the next from starting.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and any(_is_alive(process) for process in family):
            time.sleep(0.01)

    def stop(self):
        """A fast shutdown: sessions are ended, then a checkpoint."""
        if self.is_running:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def session(self, sql):
        """A psql that runs beside us; its result is of no interest."""
        command = [f"{self.bin}/psql", "-X", "-At", "-d", self.url, "-c", sql]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, start_new_session=True)

    def query(self, sql, timeout=120):
        """Rows of text fields, NULL as the empty text."""
        command = [f"{self.bin}/psql", "-X", "-At", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", sql]
        outcome = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
        if outcome.returncode != 0:
            raise ClusterError(outcome.stderr.strip())
        return [tuple(line.split("\x1f")) for line in outcome.stdout.splitlines()]


def _is_alive(process):
    try:
        with open(f"/proc/{process}/stat", encoding="latin-1") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
