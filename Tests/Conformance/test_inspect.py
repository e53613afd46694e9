"""`inspect` reads the file, then loads it in a child; `manifest` writes what is installed beside it."""
import subprocess

import pytest

import kit

FIXTURE = kit.ROOT / "Tests/ABI/drivers/fixture.c"


def test_our_drivers_pass(memory, sqlite):
    for library in [memory, sqlite]:
        done = kit.kit("inspect", library)

        assert done.returncode == 0, done.stdout
        assert "FAIL" not in done.stdout


@pytest.mark.parametrize("licence, is_good", [
    ("MIT", True), ("Apache-2.0", True), ("GPL-2.0-or-later WITH Classpath-exception-2.0", True),
    ("(MIT OR Apache-2.0) AND BSD-3-Clause", True), ("LicenseRef-Ours", True), ("GPL-2.0+", True),
    ("", False), ("Apache 2.0", False), ("MIT OR", False), ("(MIT", False), ("MIT or Apache-2.0", False),
    ("MIT/Apache-2.0", False), ("AND", False), ("MIT AND OR MIT", False), ("2.0", False),
])
def test_the_licence_is_an_spdx_expression(libraries, licence, is_good):
    source = libraries / "licensed.c"
    source.write_text(kit.NULL.read_text().replace('.license = "Apache-2.0"', f'.license = "{licence}"'))
    assert f'.license = "{licence}"' in source.read_text()
    library = kit.compile_driver(libraries / "libkms-licensed.so", source)

    done = kit.kit("inspect", library)

    assert ("ok   its licence" in done.stdout) == is_good, done.stdout
    assert done.returncode == (0 if is_good else 1)


@pytest.mark.parametrize("options, complaint", [
    (["-Wl,-z,norelro"], "-z relro"), (["-Wl,-z,lazy"], "-z now"), (["-Wl,-z,execstack"], "no executable stack"),
    (["-fvisibility=default", "-DEXTRA"], "exports kms_plugin_entry alone"),
])
def test_how_the_file_was_linked_is_checked(libraries, options, complaint):
    source = libraries / "linked.c"
    source.write_text(kit.NULL.read_text() + "\nint surplus(void);\nint surplus(void) { return 1; }\n")
    library = kit.compile_driver(libraries / "libkms-linked.so", source, options=options)

    done = kit.kit("inspect", library)

    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert len(failed) == 1 and complaint in failed[0]


def test_a_library_that_dies_while_it_is_loaded_is_a_finding(libraries):
    source = libraries / "dying.c"
    source.write_text(kit.NULL.read_text() + "\n#include <stdlib.h>\n"
                      "__attribute__((constructor)) static void die(void) { abort(); }\n")
    library = kit.compile_driver(libraries / "libkms-dying.so", source)

    done = kit.kit("inspect", library)

    assert done.returncode == 1
    assert "SIGABRT" in done.stdout


def test_what_is_no_driver_deviates_and_what_is_not_there_cannot_be_checked(libraries, memory):
    truncated = libraries / "libkms-truncated.so"
    truncated.write_bytes(memory.read_bytes()[:-5000])

    assert kit.kit("inspect", truncated).returncode == 1
    assert kit.kit("inspect", libraries / "libkms-none.so").returncode == 2


def test_the_manifest_is_what_is_installed_beside_the_library(memory):
    done = kit.kit("manifest", memory)

    assert done.returncode == 0
    assert done.stdout == (kit.MEMORY / "kms-memory.toml").read_text()
