"""What a process and its children cost, from /proc."""
import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found = [process]
    for member in found:
        found += children.get(member, [])
    return found


def cpu_seconds(process: int) -> float:
    """User and system time of the process and its descendants, those that ended and were waited for included."""
    ticks = 0
    for member in family(process):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def peak_rss_mb(process: int) -> float:
    """The sum of the highest resident set sizes (VmHWM)."""
    total = 0
    for member in family(process):
        try:
            status = Path(f"/proc/{member}/status").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return total / 1024
