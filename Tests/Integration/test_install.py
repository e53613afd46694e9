"""What `make install` copies stands alone: it runs without the toolchain and finds its driver."""
import os
import platform
import re
import subprocess

import pytest

import drivers
import kmsd
import ttlv

TRIPLET = f"{platform.machine()}-linux-gnu"


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    folder.chmod(0o755)
    subprocess.run(
        [kmsd.ROOT / "Tools/install", "--bin", kmsd.BIN, "--swift", os.environ.get("SWIFT", "swift"),
         "--drivers", "sqlite", "--triplet", TRIPLET, "--destdir", folder, "--prefix", "/usr", "--sysconfdir", "/etc"],
        check=True)
    return folder


def test_the_installed_server_runs_on_its_installed_driver(installed, new_server):
    server = new_server(binary=installed / "usr/bin/kmsd")

    server.start()

    assert server.kmip(ttlv.get(server.create()))["tag"] == "GetResponse"
    maps = open(f"/proc/{server.process.pid}/maps").read()
    ours = {line.split()[-1] for line in maps.splitlines() if re.search(r"libswift|libkms|libdispatch", line)}
    assert any(path.endswith("/claviger/plugins/libkms-sqlite.so") for path in ours)
    assert [path for path in ours if not path.startswith(str(installed))] == []


def test_the_driver_is_private_and_not_executable(installed):
    driver = installed / f"usr/lib/{TRIPLET}/claviger/plugins/libkms-sqlite.so"

    assert driver.stat().st_mode & 0o777 == 0o644


def test_settings_are_installed_once_and_not_for_others_to_read(installed):
    settings = installed / "etc/claviger/kms.toml"

    assert settings.stat().st_mode & 0o077 == 0
    assert "database-type" in settings.read_text()


def test_pkg_config_leads_a_driver_to_the_headers(installed, tmp_path):
    environment = {
        **os.environ, "PKG_CONFIG_PATH": str(installed / f"usr/lib/{TRIPLET}/pkgconfig"),
        "PKG_CONFIG_SYSROOT_DIR": str(installed)}
    ask = ["pkg-config", "kms-plugin"]
    flags = subprocess.run([*ask, "--cflags"], env=environment, capture_output=True, text=True, check=True).stdout
    source = tmp_path / "driver.c"
    source.write_text("#include <kms/database.h>\nint major = KMS_ABI_MAJOR;\n")

    subprocess.run(["cc", "-std=c11", "-Wall", "-Werror", "-c", *flags.split(), "-o", tmp_path / "driver.o", source],
                   check=True)

    major = subprocess.run([*ask, "--variable=abi_major"], env=environment, capture_output=True, text=True, check=True)
    assert major.stdout.strip() == "1"


def test_an_installed_driver_that_is_pinned_needs_no_files_beside_it(installed, new_server, tmp_path):
    """It is loaded by its descriptor, where `$ORIGIN` leads nowhere: all it needs is in the server."""
    driver = installed / f"usr/lib/{TRIPLET}/claviger/plugins/libkms-sqlite.so"
    settings = tmp_path / "kms.toml"
    settings.write_text("require-pinned = true\n" + drivers.plugin_table(driver, sha256=drivers.sha256(driver)))
    server = new_server(binary=installed / "usr/bin/kmsd", options=[f"--config={settings}"]).start()

    assert server.kmip(ttlv.get(server.create()))["tag"] == "GetResponse"
    descriptors = f"/proc/{server.process.pid}/fd"
    assert str(driver) in {os.readlink(f"{descriptors}/{number}") for number in os.listdir(descriptors)}
