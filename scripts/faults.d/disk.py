"""Small disks that can be filled: tmpfs mounts, which only root can make."""
import os
import subprocess


class Disk:
    """A folder on a disk of its own when we are root; a plain folder, which cannot be filled, otherwise."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.ballast = os.path.join(folder, "ballast")
        self.can_fill = False
        if os.geteuid() == 0:
            command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "retake-faults", folder]
            self.can_fill = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self):
        """Takes all that is free, and goes on taking what others give back."""
        with open(self.ballast, "ab", buffering=0) as file:
            block = bytes(256 * 1024)
            while block:
                try:
                    file.write(block)
                except OSError:
                    block = block[: len(block) // 2]

    def free(self):
        if os.path.exists(self.ballast):
            os.unlink(self.ballast)

    def remove(self):
        if self.can_fill:
            subprocess.run(["umount", "-l", self.folder], capture_output=True, check=False)
