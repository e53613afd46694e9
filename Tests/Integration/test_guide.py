"""Whoever follows the driver author's guide word by word ends with a driver that keeps the contract."""
import subprocess

import pytest

import kmsd
import ttlv
from guide import Guide
from installation import TRIPLET


@pytest.fixture(scope="module")
def guide():
    return Guide((kmsd.ROOT / "Documentation/write-a-driver.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def environment(prefix):
    """What a reader has: an installed server and a C compiler, no Swift."""
    return {"PATH": f"{prefix}/bin:/usr/bin:/bin", "PKG_CONFIG_PATH": f"{prefix}/lib/{TRIPLET}/pkgconfig",
            "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def followed(guide, environment, tmp_path_factory):
    """The folder in which every step was done, and what they printed."""
    folder = tmp_path_factory.mktemp("guide")

    done = subprocess.run(["bash", "-c", guide.script()], cwd=folder, env=environment, text=True, timeout=600,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    assert done.returncode == 0, done.stdout
    return folder, done.stdout


def test_every_step_can_be_done_in_an_empty_folder(followed):
    folder, _ = followed

    assert [path.name for path in folder.iterdir()] == ["kms-file"]
    assert (folder / "kms-file/libkms-file.so").exists()


def test_the_steps_print_what_the_guide_shows(guide, followed):
    _, printed = followed
    assert any("conforms" in line for line in guide.printed), "the guide ends with a driver that passes"

    assert [line for line in guide.printed if line not in printed.splitlines()] == []


def test_what_is_installed_in_the_end_is_library_and_manifest(followed, prefix):
    folder, _ = followed
    plugins = folder / f"kms-file/staged{prefix}/lib/{TRIPLET}/claviger/plugins"

    assert sorted(path.name for path in plugins.iterdir()) == ["kms-file.toml", "libkms-file.so"]


def test_the_driver_of_the_guide_is_the_example(guide, followed):
    folder, _ = followed
    example = kmsd.ROOT / "Examples/file-driver"
    sources = {path.name: path.read_text() for path in [*example.glob("*.c"), *example.glob("*.h")]}

    assert {name: text for name, text in guide.files.items() if name.endswith((".c", ".h"))} == sources
    for name, text in sources.items():
        assert (folder / "kms-file" / name).read_text() == text
    assert (folder / "kms-file/kms-file.toml").read_text().endswith((example / "kms-file.toml").read_text())
    for path in [path for path in (example / "check").rglob("*") if path.is_file()]:
        assert (folder / "kms-file" / path.relative_to(example)).read_bytes() == path.read_bytes(), path


def test_the_driver_serves_and_keeps_what_it_acknowledged(followed, new_server):
    folder, _ = followed
    driver = ["--database-type=file", f"--plugin-path={folder}/kms-file", f"--file-path={folder}/kms-file/served"]
    server = new_server(driver=driver).start()
    key = server.create()

    server.kill()
    again = new_server(driver=driver).start()

    assert again.kmip(ttlv.get(key))["tag"] == "GetResponse"
