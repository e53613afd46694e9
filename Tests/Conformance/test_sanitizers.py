"""The kit under sanitizers: drivers in C built with one, SQLite, and the kit itself.

The address sanitizer's runtime is preloaded into the kit as it is: heap errors and leaks are found in
every driver, all else in those that were compiled for it. Threads need the kit and its Swift drivers
compiled for it too: `make test-threads` does that and names the folder in CLAVIGER_THREAD_BIN.
"""
import os
import pathlib
import shutil
import subprocess

import pytest

import kit

THREAD_BIN = os.environ.get("CLAVIGER_THREAD_BIN")
# Each case takes longer by a multiple.
LIMIT = '[check]\ntime-limit = "60s"\nquick-limit = "20ms"\n'


def runtime(name):
    """Where the C compiler has a sanitizer's runtime."""
    path = subprocess.run(["cc", f"-print-file-name={name}"], check=True, capture_output=True, text=True).stdout.strip()
    if "/" not in path:
        pytest.skip(f"the C compiler has no {name}")
    return path


def address(**environment):
    return dict(LD_PRELOAD=runtime("libasan.so"), ASAN_OPTIONS="detect_stack_use_after_return=1", **environment)


def build_memory(folder, sanitizer, **variables):
    folder.mkdir(mode=0o755)
    subprocess.run(
        ["make", "-s", "-C", kit.MEMORY, f"OUT={folder}", f"SANITIZE={sanitizer}",
         *(f"{name}={value}" for name, value in variables.items()), "all"], check=True)
    return folder / "libkms-memory.so"


def configure(config, option):
    config.write_text(f'{option} = "{{{{scratch}}}}"\n{LIMIT}')
    return config


def expect_nothing(done, cases):
    assert kit.ids(cases, "failed") == [], done.stdout + done.stderr
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 80


def test_the_memory_driver_has_no_bad_address_and_no_leak(tmp_path):
    library = build_memory(tmp_path / "address", "address,undefined")

    expect_nothing(*kit.run(library, configure(tmp_path / "memory.toml", "memory-name"), **address()))


def test_sqlite_has_no_bad_address_and_no_leak(sqlite, tmp_path):
    expect_nothing(*kit.run(sqlite, configure(tmp_path / "sqlite.toml", "sqlite-path"), **address()))


@pytest.mark.parametrize("fault, says", [
    ("overflow", "heap-buffer-overflow"), ("stale", "heap-use-after-free"), ("leak", "leaked in")])
def test_what_the_address_sanitizer_says_is_a_finding(tmp_path, fault, says):
    library = kit.compile_mutant(
        tmp_path / "faulty", "-fsanitize=address", "-fno-omit-frame-pointer")

    done, cases = kit.run(
        library, configure(tmp_path / "memory.toml", "memory-name"), "--only", "get.missing,lifecycle.end",
        **address(MUTANT=fault))

    assert done.returncode == 1, done.stderr
    found = [id for id, case in cases.items() if says in "\n".join(case["details"])]
    assert found == ["lifecycle.end" if fault == "leak" else "get.missing"], cases


@pytest.fixture
def threaded(monkeypatch):
    if not THREAD_BIN:
        pytest.skip("make test-threads builds the kit for the thread sanitizer")
    folder = pathlib.Path(THREAD_BIN).resolve()
    monkeypatch.setattr(kit, "BIN", folder)
    return folder


def test_the_memory_driver_has_no_race(threaded, tmp_path):
    # The kit brings the runtime of the compiler that it was built with.
    clang = pathlib.Path(os.path.realpath(shutil.which(os.environ.get("SWIFT", "swift")))).parent / "clang"
    library = build_memory(tmp_path / "threads", "thread", CC=clang)

    expect_nothing(*kit.run(library, configure(tmp_path / "memory.toml", "memory-name")))


def test_sqlite_has_no_race(threaded, tmp_path):
    expect_nothing(*kit.run(
        threaded / "libkms-sqlite.so", configure(tmp_path / "sqlite.toml", "sqlite-path")))
