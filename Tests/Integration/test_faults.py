"""What must survive: kills, a full disk, damage, races at start, a second server."""
import contextlib
import os
import random
import sqlite3
import subprocess
import threading
import time

import pytest
import requests

import ttlv
from kmsd import NotStarted, Refused
from ttlv import child, encrypt, get, material, revoke

CLIENTS = 4


def database_files(server):
    return [p for p in (server.folder / "data").rglob("*") if p.is_file() and not p.name.endswith(("-wal", "-shm"))]


def database(server):
    """The one SQLite file below the server's folder."""
    found = [p for p in database_files(server) if p.read_bytes()[:15] == b"SQLite format 3"]
    assert len(found) == 1, found
    return found[0]


# Kill


def create_until_it_fails(server, acknowledged, stop):
    """Creates keys one after another; an identifier counts once its whole answer was read."""
    with requests.Session() as session:
        while not stop.is_set():
            try:
                acknowledged.append(server.create(session=session, tagged=["killed"]))
            except (requests.RequestException, Refused):
                return


def test_every_acknowledged_key_survives_a_kill(new_server, rounds):
    server = new_server()
    acknowledged = []
    server.start()
    for _ in range(rounds):
        stop, before = threading.Event(), len(acknowledged)
        clients = [
            threading.Thread(target=create_until_it_fails, args=(server, acknowledged, stop)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        deadline = time.monotonic() + 20
        wanted = before + 1 + random.randrange(200)
        while len(acknowledged) < wanted and time.monotonic() < deadline:
            time.sleep(0.001)

        server.kill()
        stop.set()
        for client in clients:
            client.join()
        assert len(acknowledged) > before, "no key was created before the kill"

        server.start()
        assert server.ready_s < 2, f"restart took {server.ready_s:.2f} s"
        found = set(ttlv.located(server.kmip(ttlv.locate_tags("killed"))))
        lost = [key for key in acknowledged if key not in found]
        assert lost == []
        for key in acknowledged[before:]:
            assert len(material(server.kmip(get(key)))) == 32
    check = sqlite3.connect(f"file:{database(server)}?mode=ro", uri=True)
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    check.close()


def test_a_revocation_that_was_acknowledged_survives_a_kill(new_server, rounds):
    server = new_server().start()
    for _ in range(rounds):
        keys = [server.create() for _ in range(8)]
        done = []
        stop = threading.Event()

        def revoke_all():
            with requests.Session() as session:
                for key in keys:
                    if stop.is_set():
                        return
                    try:
                        server.kmip(revoke(key), session=session)
                        done.append(key)
                    except requests.RequestException:
                        return

        client = threading.Thread(target=revoke_all)
        client.start()
        deadline = time.monotonic() + 20
        while len(done) < random.randrange(1, 6) and time.monotonic() < deadline:
            pass
        server.kill()
        stop.set()
        client.join()
        assert done

        server.start()
        states = {row["object_id"]: row["state"] for row in server.get("/access/owned")}
        assert [states[key] for key in done] == ["Deactivated"] * len(done)


# Start


def test_a_server_refuses_a_file_that_is_no_database(new_server):
    server = new_server()
    server.start()
    path = database(server)
    server.stop()
    for leftover in path.parent.glob(path.name + "-*"):
        leftover.unlink()
    path.write_bytes(b"this is not a database, and must stay as it is. " * 100)
    before = path.read_bytes()

    with pytest.raises(NotStarted) as raised:
        server.launch().wait_until_ready()

    assert raised.value.status > 0
    assert path.name in raised.value.log
    assert path.read_bytes() == before


def test_a_taken_port_is_an_error_that_names_it(new_server, server, tmp_path):
    second = new_server(tmp_path / "second", port=server.port)

    second.launch()

    assert second.process.wait(20) > 0
    assert str(server.port) in second.log()


# Stop


def test_sigterm_lets_requests_finish(new_server):
    server = new_server().start()
    key = server.create()
    batch = ttlv.message(*(encrypt(key, bytes(256)) for _ in range(1_000)))
    answers = []

    def ask():
        with requests.Session() as session:
            try:
                answers.append(server.kmip(batch, session=session))
            except requests.ConnectionError:
                answers.append(None)
            except Refused as refusal:
                answers.append(refusal)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(0.02)
    assert server.stop() == 0
    for client in clients:
        client.join()

    # A request that came too late finds no server or is told so; one that was begun is answered whole.
    for answer in answers:
        if isinstance(answer, Refused):
            assert answer.status == 503
        elif answer is not None:
            assert {child(i, "ResultStatus") for i in answer["value"][1]["value"]} == {"Success"}


def test_sigterm_ends_idle_connections(new_server):
    server = new_server().start()
    server.get("/version")

    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 5


def test_a_stopped_server_leaves_a_database_that_opens(new_server):
    server = new_server().start()
    key = server.create()
    server.stop()

    assert server.start().kmip(get(key))["tag"] == "GetResponse"


# Disk


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4 MiB; needs root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_writes_and_serves_reads(new_server, small_disk):
    server = new_server(small_disk).start()
    try:
        key = server.create(tagged=["kept"])
        ballast = small_disk / "ballast"
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4_096)):
                pass

        refusals, acknowledged = [], [key]
        for _ in range(400):
            try:
                acknowledged.append(server.create(tagged=["kept"]))
            except Refused as refusal:
                refusals.append(refusal)
                if len(refusals) == 3:
                    break
        assert refusals and all(r.status >= 500 for r in refusals)
        assert "no room" in refusals[0].text
        assert "no space left" in server.log().lower(), "the operator is not told the cause"
        assert material(server.kmip(get(key)))
        assert server.kmip(encrypt(key, b"x"))["tag"] == "EncryptResponse"

        ballast.unlink()
        acknowledged.append(server.create(tagged=["kept"]))
        server.kill()
        server.start()
        assert sorted(ttlv.located(server.kmip(ttlv.locate_tags("kept")))) == sorted(acknowledged)
    finally:
        server.kill()


# Damage


@pytest.mark.parametrize("column", ["object", "attrs", "osum", "state"])
def test_a_damaged_row_fails_alone_and_is_named(new_server, column):
    server = new_server().start()
    keys = [server.create(tagged=["all"]) for _ in range(3)]
    damaged = keys[1]
    server.stop()
    connection = sqlite3.connect(database(server))
    kind = connection.execute(f"SELECT typeof({column}) FROM objects LIMIT 1").fetchone()[0]
    with connection:
        connection.execute(
            f"UPDATE objects SET {column} = {{}} WHERE CAST(uid AS TEXT) = ?".format(
                "x'00FF00FF'" if kind == "blob" else f"{column} + 1"), (damaged,))
        assert connection.total_changes == 1
    connection.close()

    server.start()
    with pytest.raises(Refused) as raised:
        server.kmip(get(damaged))
    assert raised.value.status >= 400 and damaged in raised.value.text + server.log()
    for key in (keys[0], keys[2]):
        assert len(material(server.kmip(get(key)))) == 32
    assert server.create()


# Load that is not polite


def test_idle_connections_do_not_stop_others(new_server):
    import socket
    server = new_server().start()
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(200)]
    for connection in idle[::2]:
        connection.sendall(b"POST /kmip/2_1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
    try:
        started = time.monotonic()
        assert server.create()
        assert time.monotonic() - started < 2
    finally:
        for connection in idle:
            connection.close()


def test_clean_up_on_startup_empties_the_database(new_server, tmp_path):
    server = new_server(tmp_path / "s").start()
    key = server.create()
    server.stop()

    cleaned = new_server(tmp_path / "s", options=["--cleanup-on-startup"]).start()

    assert cleaned.get("/access/owned") == []
    with pytest.raises(Refused):
        cleaned.kmip(get(key))
