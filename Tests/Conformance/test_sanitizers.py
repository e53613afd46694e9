"""The kit under sanitizers: drivers in C built with one, SQLite, and the kit itself.

A sanitizer's runtime is preloaded into the kit as it is. The address sanitizer then finds heap errors and
leaks in every driver, all else in those that were compiled for it, as the thread sanitizer finds what
races in them. A driver in Swift, and the kit, have to be compiled for the thread sanitizer: `make sanitize`
does that and names the folder in CLAVIGER_THREAD_BIN.
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

C_DRIVERS = {"memory": ("memory-name", kit.MEMORY), "file": ("file-path", kit.FILE)}
PRELOADED = {
    "address,undefined": dict(LD_PRELOAD="libasan.so", ASAN_OPTIONS="detect_stack_use_after_return=1"),
    # The locks of the kit are seen, what it does between them is not: it is not compiled for this.
    "thread": dict(LD_PRELOAD="libtsan.so", TSAN_OPTIONS="ignore_noninstrumented_modules=1"),
}


def preloaded(sanitizer, **environment):
    """What makes the kit run with the C compiler's runtime of a sanitizer."""
    variables = PRELOADED[sanitizer]
    name = variables["LD_PRELOAD"]
    path = subprocess.run(["cc", f"-print-file-name={name}"], check=True, capture_output=True, text=True).stdout.strip()
    if "/" not in path:
        pytest.skip(f"the C compiler has no {name}")
    return {**variables, "LD_PRELOAD": path, **environment}


def build(folder, driver, sanitizer, **variables):
    folder.mkdir(mode=0o755)
    subprocess.run(
        ["make", "-s", "-C", C_DRIVERS[driver][1], f"OUT={folder}", f"SANITIZE={sanitizer}",
         *(f"{name}={value}" for name, value in variables.items()), "all"], check=True)
    return folder / f"libkms-{driver}.so"


def configure(config, option):
    config.write_text(f'{option} = "{{{{scratch}}}}"\n{LIMIT}')
    return config


def expect_nothing(done, cases):
    assert kit.ids(cases, "failed") == [], done.stdout + done.stderr
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 150


@pytest.mark.parametrize("sanitizer", PRELOADED)
@pytest.mark.parametrize("driver", C_DRIVERS)
def test_a_driver_in_c_is_clean(tmp_path, driver, sanitizer):
    library = build(tmp_path / "driver", driver, sanitizer)
    config = configure(tmp_path / "driver.toml", C_DRIVERS[driver][0])

    expect_nothing(*kit.run(library, config, **preloaded(sanitizer)))


def test_sqlite_has_no_bad_address_and_no_leak(sqlite, tmp_path):
    config = configure(tmp_path / "sqlite.toml", "sqlite-path")

    expect_nothing(*kit.run(sqlite, config, **preloaded("address,undefined")))


@pytest.mark.parametrize("fault, sanitizer, case, says", [
    ("overflow", "address,undefined", "get.missing", "heap-buffer-overflow"),
    ("stale", "address,undefined", "get.missing", "heap-use-after-free"),
    ("leak", "address,undefined", "lifecycle.end", "leaked in"),
    ("racing", "thread", "threads.one-handle", "data race"),
])
def test_what_a_sanitizer_says_is_a_finding(tmp_path, fault, sanitizer, case, says):
    library = kit.compile_mutant(
        tmp_path / "faulty", f"-fsanitize={sanitizer.split(',')[0]}", "-fno-omit-frame-pointer")

    done, cases = kit.run(
        library, configure(tmp_path / "memory.toml", "memory-name"),
        "--only", f"get.missing,lifecycle.end,{case}", **preloaded(sanitizer, MUTANT=fault))

    assert done.returncode == 1, done.stderr
    found = [id for id, case in cases.items() if says in "\n".join(case["details"])]
    assert found == [case], cases


@pytest.fixture
def threaded(monkeypatch):
    if not THREAD_BIN:
        pytest.skip("make sanitize builds the kit for the thread sanitizer")
    folder = pathlib.Path(THREAD_BIN).resolve()
    monkeypatch.setattr(kit, "BIN", folder)
    return folder


def test_the_kit_itself_has_no_race(threaded, tmp_path):
    # The kit brings the runtime of the compiler that it was built with.
    clang = pathlib.Path(os.path.realpath(shutil.which(os.environ.get("SWIFT", "swift")))).parent / "clang"
    library = build(tmp_path / "driver", "memory", "thread", CC=clang)

    expect_nothing(*kit.run(library, configure(tmp_path / "memory.toml", "memory-name")))


def test_sqlite_has_no_race(threaded, tmp_path):
    expect_nothing(*kit.run(
        threaded / "libkms-sqlite.so", configure(tmp_path / "sqlite.toml", "sqlite-path")))
