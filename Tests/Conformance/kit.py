"""The kit as a process, and the drivers that it is run on."""
import json
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = (ROOT / os.environ.get("CLAVIGER_BIN", ".build/release")).resolve()
INCLUDE = ROOT / "Sources/PluginABI/include"
MEMORY = ROOT / "Examples/memory-driver"
FILE = ROOT / "Examples/file-driver"
NULL = ROOT / "Examples/null-driver/null.c"
DRIVERS = pathlib.Path(__file__).resolve().parent / "drivers"
LIMIT_S = 300

HARDEN = ["-fPIC", "-fvisibility=hidden", "-shared", "-Wl,-z,now", "-Wl,-z,relro", "-Wl,-z,noexecstack",
          "-Wl,-z,defs"]


def kit(*arguments, **environment):
    """Runs the kit; returns the finished process with its two streams as text."""
    return subprocess.run(
        [BIN / "kms-plugin-check", *map(str, arguments)], env={**os.environ, **environment},
        capture_output=True, text=True, timeout=LIMIT_S)


def compile_driver(library, *sources, options=()):
    """Compiles C sources to a library as a driver author would."""
    subprocess.run(
        ["cc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-D_POSIX_C_SOURCE=200809L", "-pthread",
         f"-I{INCLUDE}", *HARDEN, *options, "-o", library, *sources], check=True)
    return library


def compile_mutant(folder, *options):
    """The memory driver, with one rule broken that MUTANT names; a library in a new folder."""
    folder.mkdir(mode=0o755)
    objects = []
    for source in sorted(MEMORY.glob("*.c")):
        if source.name == "test.c":
            continue
        objects.append(folder / (source.stem + ".o"))
        subprocess.run(
            ["cc", "-c", "-std=c11", "-O1", "-D_POSIX_C_SOURCE=200809L", "-pthread", "-fPIC", *options,
             "-Dkms_plugin_entry=memory_entry", f"-I{INCLUDE}", "-o", objects[-1], source], check=True)
    if options:  # what a sanitizer needs comes from the process
        options = (*options, "-Wl,-z,undefs")
    return compile_driver(folder / "libkms-mutant.so", DRIVERS / "mutant.c", *objects, options=options)


def proxied(url):
    """The URL with its server named so that the kit can put a proxy before it."""
    marked, count = re.subn(r"@([^/@]+)/", r"@{{proxy:\1}}/", url)
    assert count == 1
    return marked


def run(library, config, *arguments, **environment):
    """A run with its report as JSON: the exit status and the cases by id."""
    done = kit("run", library, "--config", config, "--report", "json", *arguments, **environment)
    report = json.loads(done.stdout) if done.stdout else None
    return done, {case["id"]: case for case in report["cases"]} if report else {}


def ids(cases, verdict):
    return sorted(id for id, case in cases.items() if case["verdict"] == verdict)
