"""File systems of their own: small ones, and disks whose power can be cut. Needs root."""

import contextlib
import fcntl
import os
import struct
import subprocess

from larder_site import await_until

# EXT4_IOC_SHUTDOWN in fs/ext4/ext4.h of Linux, and what it can be told: to write first what is in memory, to write of that
# the file system's journal alone, or to write nothing.
SHUTDOWN = 0x8004587D
FLUSHED, JOURNAL_FLUSHED, NOTHING_FLUSHED = range(3)


@contextlib.contextmanager
def mounted(folder, size):
    """An empty file system over a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class Disk:
    """A disk with ext4 in a file, at `folder` while the block lasts."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        self.image = folder.with_name(f"{folder.name}.img")
        folder.mkdir()
        with open(self.image, "wb") as image:
            image.truncate(megabytes << 20)
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", str(self.image)], env=with_programs_of_root(), check=True)

    def __enter__(self):
        self.mount()
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def mount(self):
        subprocess.run(["mount", "-t", "ext4", "-o", "loop", str(self.image), str(self.folder)], check=True)

    def cut_power(self, flushed):
        """From now on nothing gets to the disk; whoever tries is told of an input/output error."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", flushed))
        finally:
            os.close(folder)

    def restore_power(self):
        """Mounts it anew, with what got to it. Nobody may have a file of it open."""
        await_until(self.is_let_go, f"{self.folder} to be let go")
        self.mount()

    def is_let_go(self):
        return subprocess.run(["umount", str(self.folder)], capture_output=True).returncode == 0


def with_programs_of_root():
    return os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
