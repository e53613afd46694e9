"""What `make install` copies stands alone: it runs without the toolchain and finds its driver."""
import os
import re
import shutil
import subprocess

import pytest

import drivers
import kmsd
import ttlv
from installation import TRIPLET, install


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """Staged for a package: everything below a folder that is not the prefix."""
    folder = tmp_path_factory.mktemp("staged")
    folder.chmod(0o755)
    install("/usr", destdir=folder)
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


def test_a_driver_of_two_names_is_installed_once_and_found_by_both(tmp_path):
    if not (kmsd.BIN / "libkms-mysql.so").exists():
        pytest.skip("the driver for MySQL and MariaDB is not built")
    tmp_path.chmod(0o755)
    install("/usr", destdir=tmp_path, drivers="mysql")
    plugins = tmp_path / f"usr/lib/{TRIPLET}/claviger/plugins"

    assert sorted(path.name for path in plugins.iterdir()) == ["kms-mysql.toml", "libkms-mysql.so"]
    for name in ("mysql", "mariadb"):
        done = subprocess.run(
            [tmp_path / "usr/bin/kmsd", "db", "check", f"--database-type={name}",
             "--database-url=mysql://u:p@127.0.0.1:1/d"], capture_output=True, text=True)
        assert done.returncode == 1 and "cannot connect to 127.0.0.1:1" in done.stderr, done.stderr


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


def without_swift(prefix):
    """What somebody has who installed the server and a C compiler."""
    path = f"{prefix}/bin:/usr/bin:/bin"
    assert shutil.which("cc", path=path) and not shutil.which("swift", path=path)
    return {"PATH": path, "PKG_CONFIG_PATH": f"{prefix}/lib/{TRIPLET}/pkgconfig", "HOME": "/nonexistent"}


@pytest.mark.parametrize("name", ["memory", "file"])
def test_an_example_builds_from_its_installed_sources_with_a_c_compiler_alone(prefix, name, tmp_path):
    environment = without_swift(prefix)
    out = tmp_path / "out"

    subprocess.run(["make", "-C", prefix / f"share/claviger/examples/{name}-driver", f"OUT={out}"], env=environment,
                   check=True)

    library = out / f"libkms-{name}.so"
    inspected = subprocess.run(["kms-plugin-check", "inspect", library], env=environment, capture_output=True, text=True)
    assert inspected.returncode == 0, inspected.stdout
    listed = subprocess.run(["kmsd", "plugin", "list", f"--plugin-path={out}"], env=environment, capture_output=True,
                            text=True, check=True)
    assert f"{name}: {library}\n    manifest {out}/kms-{name}.toml" in listed.stdout


def test_the_smallest_example_builds_as_its_first_lines_say(prefix, tmp_path):
    environment = without_swift(prefix)
    source = prefix / "share/claviger/examples/null-driver/null.c"
    command = " ".join(line.removeprefix("//").strip() for line in source.read_text().splitlines()[1:3])
    assert command.startswith("cc ") and command.endswith(" null.c")
    shutil.copy(source, tmp_path)

    subprocess.run(["sh", "-ec", command], cwd=tmp_path, env=environment, check=True)

    library = tmp_path / "libkms-null.so"
    inspected = subprocess.run(["kmsd", "plugin", "inspect", library], env=environment, capture_output=True, text=True)
    assert inspected.returncode == 0, inspected.stderr
    assert "id: org.example.kms.null" in inspected.stdout


def test_nothing_installed_names_the_source_tree(prefix):
    for page in [*prefix.glob("share/**/*.*"), *prefix.glob("lib/**/*.pc")]:
        if page.is_file():
            assert str(kmsd.ROOT) not in page.read_text(encoding="utf-8"), page
