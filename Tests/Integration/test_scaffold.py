"""`kmsd plugin new` writes a driver that builds, loads and says who it is."""
import os
import subprocess

import pytest

import kmsd
from installation import TRIPLET

KINDS = ["database", "hsm"]
LANGUAGES = ["c", "swift"]


def run(command, folder, prefix, **options):
    environment = {**os.environ, "PKG_CONFIG_PATH": f"{prefix}/lib/{TRIPLET}/pkgconfig"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, **options)


@pytest.fixture(scope="module", params=[(kind, language) for kind in KINDS for language in LANGUAGES],
                ids=lambda param: "-".join(param))
def driver(request, prefix, tmp_path_factory):
    """A new driver, built: its folder, kind and name."""
    kind, language = request.param
    name = f"new-{kind}-in-{language}"
    place = tmp_path_factory.mktemp("new")
    written = run([prefix / "bin/kmsd", "plugin", "new", name, "--kind", kind, f"--language={language}"], place, prefix)
    assert written.returncode == 0, written.stderr
    folder = place / f"kms-{name}"
    built = run(["make", "CFLAGS=-Werror"], folder, prefix)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder, kind, name


def test_it_passes_inspect(driver, prefix):
    folder, kind, name = driver

    inspected = run(["make", "inspect"], folder, prefix)

    assert inspected.returncode == 0, inspected.stdout + inspected.stderr
    assert "FAIL" not in inspected.stdout
    assert f"serves   {name} ({kind})" in inspected.stdout


def test_its_manifest_says_what_the_library_does(driver, prefix):
    folder, _, name = driver

    said = run([prefix / "bin/kms-plugin-check", "manifest", f"libkms-{name}.so"], folder, prefix)

    assert said.returncode == 0, said.stderr
    assert (folder / f"kms-{name}.toml").read_text().endswith(said.stdout)


def test_check_tells_what_is_not_written(driver, prefix):
    folder, kind, name = driver

    checked = run(["make", "check"], folder, prefix)

    if kind == "hsm":
        assert checked.returncode == 0, checked.stderr
    else:
        assert checked.returncode == 2
        assert f"migrate answered KMS_UNSUPPORTED: the {name} driver does not do this yet" in checked.stdout


def test_the_server_finds_it_by_its_manifest(driver, prefix):
    folder, _, name = driver

    listed = run([prefix / "bin/kmsd", "plugin", "list", f"--plugin-path={folder}"], folder, prefix)

    assert f"{name}: {folder}/libkms-{name}.so\n    manifest {folder}/kms-{name}.toml\n" in listed.stdout
    assert "not usable" not in listed.stdout


def test_the_server_loads_it_and_says_what_is_not_written(driver, prefix):
    folder, kind, name = driver
    if kind == "hsm":
        pytest.skip("the server has no HSMs yet")
    options = [f"--plugin-path={folder}", f"--database-type={name}", f"--{name}-path=data"]

    checked = run([prefix / "bin/kmsd", "--check-config", *options], folder, prefix)
    started = run([prefix / "bin/kmsd", *options, "--port=0"], folder, prefix)

    assert checked.returncode == 0, checked.stderr
    assert started.returncode == 1
    assert f"the {name} driver does not do this yet" in started.stderr


def test_it_installs_beside_the_other_drivers(driver, prefix, tmp_path):
    folder, _, name = driver

    installed = run(["make", "install", f"DESTDIR={tmp_path}"], folder, prefix)

    assert installed.returncode == 0, installed.stderr
    plugins = tmp_path / str(prefix).lstrip("/") / f"lib/{TRIPLET}/claviger/plugins"
    assert sorted(path.name for path in plugins.iterdir()) == [f"kms-{name}.toml", f"libkms-{name}.so"]


def test_nothing_is_left_to_fill_in_and_its_files_are_its_readmes(driver):
    folder, _, name = driver
    readme = (folder / "README.md").read_text()
    written = [path for path in folder.rglob("*") if path.is_file() and ".build" not in path.parts]
    assert len(written) > 9

    for path in written:
        if path.suffix != ".so":
            text = path.read_text().replace("checkout@v4", "")
            assert "@" not in text.replace("$@", "").replace("@chmod", "").replace("@c(", ""), path
    shown = {"Makefile", "README.md", "Package.swift", "exports.map", ".gitignore", f"libkms-{name}.so"}
    assert [p for p in written if p.name not in shown and f"`{p.relative_to(folder)}`" not in readme] == []


def test_its_ci_job_runs_goals_that_it_has(driver, prefix):
    folder, _, _ = driver
    steps = [line.split("run: ")[1] for line in (folder / ".github/workflows/check.yml").read_text().splitlines()
             if "run: " in line]
    assert steps == ["make inspect", "make check"]

    for step in steps:
        planned = run(["sh", "-ec", f"{step} --dry-run"], folder, prefix)
        assert planned.returncode == 0, planned.stderr
        assert "kms-plugin-check inspect" in planned.stdout


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "kms-x").mkdir()
    (tmp_path / "kms-x/database.c").write_text("mine")

    again = subprocess.run(
        [kmsd.BIN / "kmsd", "plugin", "new", "x", "--kind=database", "--language=c"], cwd=tmp_path, capture_output=True,
        text=True)

    assert again.returncode == 1
    assert "kms-x: File exists" in again.stderr
    assert [path.name for path in (tmp_path / "kms-x").iterdir()] == ["database.c"]
    assert (tmp_path / "kms-x/database.c").read_text() == "mine"


def test_it_goes_where_it_is_told(tmp_path):
    new = [kmsd.BIN / "kmsd", "plugin", "new", "x", "--kind=hsm", "--language=c"]

    done = subprocess.run([*new, "--directory=there"], cwd=tmp_path, capture_output=True, text=True)
    nowhere = subprocess.run([*new, "--directory=no/where"], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0 and (tmp_path / "there/hsm.c").exists()
    assert "there/hsm.c" in done.stdout
    assert nowhere.returncode == 1 and "no/where: No such file" in nowhere.stderr


def test_make_says_what_is_missing_where_nothing_is_installed(tmp_path):
    subprocess.run([kmsd.BIN / "kmsd", "plugin", "new", "x", "--kind=database", "--language=c"], cwd=tmp_path, check=True,
                   capture_output=True)

    built = subprocess.run(["make"], cwd=tmp_path / "kms-x", capture_output=True, text=True,
                           env={"PATH": "/usr/bin:/bin", "PKG_CONFIG_LIBDIR": str(tmp_path)})

    assert built.returncode == 2
    assert "pkg-config finds no kms-plugin" in built.stderr
