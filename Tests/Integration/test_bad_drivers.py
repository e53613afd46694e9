"""What an operator sees of a driver that cannot be used, or that misbehaves while it is."""
import json
import os
import pathlib
import re
import subprocess
import time

import pytest

import drivers
import kmsd
import ttlv
from ttlv import get, material


@pytest.fixture
def check(tmp_path):
    """Runs `kmsd --check-config` over a file with these tables: its status and what it said."""

    def run(*tables, options=(), variables=None):
        settings = tmp_path / "kms.toml"
        settings.write_text("".join(tables))
        settings.chmod(0o600)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KMS_")}
        done = subprocess.run(
            [kmsd.BIN / "kmsd", "--check-config", f"--config={settings}", f"--sqlite-path={tmp_path / 'data'}", *options],
            cwd=tmp_path, env={**environment, **(variables or {})}, capture_output=True, text=True, timeout=30)
        return done.returncode, done.stderr

    return run


@pytest.fixture
def serve(new_server, tmp_path):
    """A server over a bad driver, which spoils the SQLite driver."""

    def make(name, *defines, options=()):
        library = drivers.build_bad(name, tmp_path / "drivers", *defines)
        settings = tmp_path / "kms.toml"
        settings.write_text(drivers.plugin_table(library, serves=["sqlite"]))
        return new_server(options=[f"--config={settings}", *options])

    return make


def last_line(server):
    return server.log().rstrip("\n").rpartition("\n")[2]


def wait_for_line(server, pattern, within_s=20):
    """The first line of the log with the pattern, once it is there."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := next((line for line in server.log().splitlines() if re.search(pattern, line)), None):
            return found
        time.sleep(0.01)
    raise AssertionError(f"no line with {pattern}:\n{server.log()}")


# Refused when it is loaded


@pytest.mark.parametrize("name, defines, reason, fix", [
    ("wrong-major", [], "speaks ABI 2, this host speaks 1", "use a driver built for ABI 1"),
    ("missing-symbol", [], "no symbol kms_plugin_entry", "name another library"),
    ("undefined-symbol", [], "needs function_that_nobody_defines", "install what it depends on"),
    ("null-descriptions", [], "name is missing", "ask its vendor"),
    ("garbage-sizes", [], "no sensible struct_size", "ask its vendor"),
])
def test_a_library_that_is_no_driver_for_this_server_is_refused(check, tmp_path, name, defines, reason, fix):
    library = drivers.build_bad(name, tmp_path / "drivers", *defines)

    status, said = check(drivers.plugin_table(library, serves=["sqlite"]))

    assert status == 1
    for part in (str(library), reason, fix):
        assert part in said


def test_a_truncated_library_is_refused(check, tmp_path):
    library = tmp_path / "libkms-cut.so"
    whole = (kmsd.BIN / "libkms-sqlite.so").read_bytes()

    for size in (0, 40, 1000, len(whole) // 2, len(whole) - 1):
        drivers.write(library, whole[:size])
        status, said = check(drivers.plugin_table(library, serves=["sqlite"]))
        assert status == 1
        assert str(library) in said and "reinstall it" in said, said


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_library_that_others_can_write_is_refused(check, tmp_path, place):
    folder = tmp_path / "drivers"
    library = drivers.build_bad("released-twice", folder)
    path = library if place == "file" else folder
    path.chmod(0o775)

    status, said = check(drivers.plugin_table(library, serves=["sqlite"]))

    assert status == 1
    assert str(library) in said and f"fix with chmod go-w {path}" in said


def test_a_library_with_another_digest_than_the_pinned_is_refused(check, tmp_path):
    library = drivers.copy_sqlite(tmp_path / "libkms-sqlite.so")
    pinned = drivers.sha256(library)
    assert check(drivers.plugin_table(library, serves=["sqlite"], sha256=pinned))[0] == 0
    with library.open("ab") as file:
        file.write(b"\0")

    status, said = check(drivers.plugin_table(library, serves=["sqlite"], sha256=pinned))

    assert status == 1
    for part in (str(library), f"its SHA-256 is {drivers.sha256(library)}", pinned, "pin the new digest"):
        assert part in said


@pytest.mark.parametrize("name", ["libkms-good.la", "libkms-good.so"])
def test_a_libtool_archive_leads_nowhere(check, tmp_path, name):
    good = drivers.build_bad("released-twice", tmp_path / "drivers")
    archive = tmp_path / "libkms-good.la"
    archive.write_text(f"dlname='{good.name}'\nlibrary_names='{good.name}'\nlibdir='{good.parent}'\ninstalled=yes\n")
    path = tmp_path / name
    if path != archive:
        path.symlink_to(archive)

    status, said = check(drivers.plugin_table(path, serves=["sqlite"]))

    assert status == 1
    assert str(tmp_path) in said and "name the .so file itself" in said


def test_the_library_path_of_libltdl_leads_nowhere(check, tmp_path):
    impostors = tmp_path / "impostors"
    impostors.mkdir()
    for name in ("sqlite", "impostor"):
        drivers.build("bad-drivers/impostor.c", impostors / f"libkms-{name}.so")
    variables = {"LTDL_LIBRARY_PATH": str(impostors), "LD_LIBRARY_PATH": str(impostors)}

    found = check(variables=variables)
    missing = check(options=["--database-type=impostor"], variables=variables)

    assert found == (0, "")
    assert missing[0] == 1 and "no database driver of this name" in missing[1]
    assert "impostor was opened" not in missing[1]
    # The impostor would have been noticed.
    _, said = check(drivers.plugin_table(impostors / "libkms-sqlite.so"))
    assert "impostor was opened" in said


def test_two_drivers_that_mean_different_things_by_one_option_are_refused(check, tmp_path):
    good = drivers.copy_sqlite(tmp_path / "libkms-sqlite.so")
    other = drivers.build_bad("other-option", tmp_path / "drivers")

    status, said = check(drivers.plugin_table(good), drivers.plugin_table(other))

    assert status == 1
    for part in (str(other), str(good), "declares the option sqlite-path differently",
                 "its type: text here, path there", "use versions that agree"):
        assert part in said


def test_every_configured_library_is_checked_and_every_mistake_said(check, tmp_path):
    good = drivers.copy_sqlite(tmp_path / "libkms-sqlite.so")
    bad = [drivers.build_bad(name, tmp_path / "drivers") for name in ("wrong-major", "missing-symbol")]

    status, said = check(drivers.plugin_table(good), *map(drivers.plugin_table, bad))

    assert status == 1
    assert [line.split(":")[1] for line in said.splitlines()] == [f" plugin {path}" for path in bad]


# Refused when the server starts


@pytest.mark.parametrize("name, defines, problem", [
    ("wrong-major", [], "speaks ABI 2"),
    ("missing-function", ["WHICH=close"], "lacks open or close"),
    ("no-interface", [], "no interface kms.database/1"),
    ("garbage-sizes", ["WHICH=table.driver.struct_size"], "no sensible struct_size"),
    ("all-optional-null", [], "the driver has no context"),
])
def test_a_server_that_cannot_use_its_driver_says_so_and_ends(serve, tmp_path, name, defines, problem):
    server = serve(name, *defines)

    with pytest.raises(kmsd.NotStarted) as ended:
        server.start()

    assert ended.value.status == 1
    last = last_line(server)
    assert last.startswith("kmsd: ") and problem in last
    assert str(tmp_path / "drivers" / f"libkms-{name}.so") in last


# Loaded all the same


@pytest.mark.parametrize("name", ["longer-table", "released-twice"])
def test_a_server_works_on_a_driver_that_is_odd_but_right(serve, name):
    """The second ends the process when the server releases a result twice, or not before it closes."""
    server = serve(name).start()
    keys = [server.create(tagged=["odd"]) for _ in range(3)]

    sealed = server.kmip(ttlv.encrypt(keys[0], b"hello"))
    assert sealed["tag"] == "EncryptResponse"
    assert len(ttlv.located(server.kmip(ttlv.locate_tags("odd")))) == 3
    server.access("grant", keys[0], "bob", "get")
    assert server.get("/access/list/" + keys[0])
    server.access("revoke", keys[0], "bob", "get")
    assert {row["object_id"] for row in server.get("/access/owned")} == set(keys)
    server.kmip(ttlv.revoke(keys[1]))
    server.kmip(ttlv.destroy(keys[1], remove=True))
    with pytest.raises(kmsd.Refused):
        server.kmip(get("missing"))

    assert server.stop() == 0
    assert "secure memory" not in server.log()


def test_wrong_answers_are_errors_that_name_driver_and_function(serve):
    server = serve("unsorted-pages").start()
    key = server.create(tagged=["some"])

    for request in (lambda: server.kmip(ttlv.locate_tags("some")), lambda: server.get("/access/owned")):
        with pytest.raises(kmsd.Refused) as refused:
            request()
        assert "page" not in refused.value.text, "the driver's affairs are not the client's"
    wait_for_line(server, "SQLite: query answered wrongly: an object is on the page twice")
    assert len(material(server.kmip(get(key)))) == 32


def test_errors_without_status_are_not_taken_for_success(serve):
    server = serve("errors-without-status", options=["--request-timeout=1s"]).start()

    with pytest.raises(kmsd.Refused):
        server.create(identifier="fail-apply")
    wait_for_line(server, "SQLite: apply answered wrongly")
    with pytest.raises(kmsd.Refused):
        server.kmip(get("fail-get"))
    wait_for_line(server, "SQLite: get returned 99, which is no status")
    assert server.kmip(get(server.create()))["tag"] == "GetResponse"


def test_secrets_that_a_driver_keeps_are_reported(serve):
    server = serve("leaked-owners", options=["--key-cache-size=0"]).start()
    key = server.create()
    for _ in range(3):
        server.kmip(get(key))

    assert server.stop() == 0
    line = wait_for_line(server, "secure memory")
    assert re.search(r"deinit left \d+ bytes of secure memory; ask its vendor", line)
    assert 'driver="SQLite"' in line


# Hangs


def test_requests_to_a_driver_that_hangs_end_at_their_deadline(serve):
    server = serve("hang", options=["--request-timeout=300ms"]).start()
    key = server.create()

    for request in (get("hang-1"), ttlv.create(identifier="hang-2")):
        begun = time.monotonic()
        with pytest.raises(kmsd.Refused):
            server.kmip(request)
        assert time.monotonic() - begun < 5
    assert len(material(server.kmip(get(key)))) == 32, "others are served"

    line = wait_for_line(server, "apply does not return")
    assert " critical " in line and 'driver="SQLite"' in line
    begun = time.monotonic()
    with pytest.raises(kmsd.Refused):
        server.create()
    assert time.monotonic() - begun < 0.3, "refused at once: the one writer hangs"
    with pytest.raises(kmsd.Refused) as health:
        server.get("/health")
    assert health.value.status == 503
    assert len(material(server.kmip(get(key)))) == 32


def test_a_server_whose_driver_hangs_stops_all_the_same(serve):
    server = serve("hang", options=["--request-timeout=100ms", "--shutdown-timeout=1s"]).start()
    key = server.create()
    with pytest.raises(kmsd.Refused):
        server.kmip(get("hang"))

    status = server.stop(within=20)

    assert status == 1
    assert "a call does not return" in last_line(server) and "libkms-hang.so" in last_line(server)
    assert len(material(serve("longer-table").start().kmip(get(key)))) == 32


# Crashes


@pytest.mark.parametrize("how, end", [
    ("abort", "SIGABRT"), ("fault", "SIGSEGV"), ("overflow", "SIGSEGV"), ("exit", "it called exit")])
@pytest.mark.parametrize("call", ["get", "apply"])
def test_the_last_line_names_the_driver_that_ended_the_process(serve, tmp_path, how, end, call):
    server = serve("crash").start()
    before = server.create()
    identifier = f"{how}-{call}"

    request = get(identifier) if call == "get" else ttlv.create(identifier=identifier)
    with pytest.raises(kmsd.requests.RequestException):
        server.kmip(request)

    status = server.process.wait(20)
    assert status == (0 if how == "exit" else -getattr(kmsd.signal, end))
    library = tmp_path / "drivers/libkms-crash.so"
    assert f" critical kmsd: driver SQLite ({library}) ended the process in {call}: {end}; " in last_line(server)
    # The next start is clean: what was acknowledged is there, and what was committed too.
    after = serve("longer-table").start()
    assert len(material(after.kmip(get(before)))) == 32
    if call == "apply":
        assert len(material(after.kmip(get(identifier)))) == 32
    assert after.kmip(get(after.create()))["tag"] == "GetResponse"
    assert after.stop() == 0


def test_the_last_line_has_the_form_of_the_log(serve):
    server = serve("crash", options=["--log-format=json"]).start()
    with pytest.raises(kmsd.requests.RequestException):
        server.kmip(get("abort"))
    server.process.wait(20)

    first, last = (json.loads(line) for line in (server.log().splitlines()[0], last_line(server)))

    assert last.keys() >= {"time", "level", "logger", "message"}
    assert last["level"] == "critical" and last["logger"] == first["logger"] == "kmsd"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", last["time"])
    assert last["time"][:13] == first["time"][:13] or last["time"] > first["time"]
    assert "in get: SIGABRT" in last["message"]


def test_quiet_servers_say_nothing_at_their_end_either(serve):
    server = serve("crash", options=["--quiet"]).start()
    with pytest.raises(kmsd.requests.RequestException):
        server.kmip(get("abort"))
    server.process.wait(20)

    assert server.log() == ""


@pytest.mark.parametrize("name, what", [
    ("crash-when-loaded", "ended the process in its constructors: SIGABRT"),
    ("crash-of-its-own-thread", "the process ends outside of any driver's call: SIGABRT; loaded: SQLite"),
])
def test_a_driver_that_crashes_at_start_is_named(serve, tmp_path, name, what):
    server = serve(name)

    with pytest.raises(kmsd.NotStarted) as ended:
        server.start()

    assert ended.value.status == -kmsd.signal.SIGABRT
    assert what in last_line(server) and str(tmp_path / "drivers" / f"libkms-{name}.so") in last_line(server)


# Pinned


def test_a_pinned_swift_driver_is_loaded_from_the_file_that_was_checked(new_server, tmp_path):
    library = drivers.copy_sqlite(tmp_path / "libkms-sqlite.so")
    settings = tmp_path / "kms.toml"
    table = drivers.plugin_table(library, sha256=drivers.sha256(library))
    settings.write_text(f"require-pinned = true\n{table}")
    server = new_server(options=[f"--config={settings}"]).start()

    assert server.kmip(get(server.create()))["tag"] == "GetResponse"
    process = pathlib.Path(f"/proc/{server.process.pid}")
    open_files = {os.readlink(link) for link in (process / "fd").iterdir()}
    assert str(library) in open_files, "the descriptor that was checked is the one that was loaded"
    assert f"{library}\n" in (process / "maps").read_text()
    assert drivers.sha256(library) in server.log()
    assert server.stop() == 0
