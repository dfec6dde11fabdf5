"""File systems of a size of their own. Needs root."""

import contextlib
import subprocess


@contextlib.contextmanager
def mounted(folder, size):
    """An empty file system over a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
