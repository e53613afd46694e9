"""Installs what was built, as `make install` does."""
import os
import platform
import subprocess

import kmsd

TRIPLET = f"{platform.machine()}-linux-gnu"


def install(prefix, *, destdir="", sysconfdir="/etc", drivers="sqlite"):
    subprocess.run(
        [kmsd.ROOT / "Tools/install", "--bin", kmsd.BIN, "--swift", os.environ.get("SWIFT", "swift"),
         "--drivers", drivers, "--triplet", TRIPLET, "--destdir", destdir, "--prefix", prefix,
         "--sysconfdir", sysconfdir],
        check=True)
