"""The audit log: what stands in it, that it cannot be changed unseen, and what happens when it cannot be written."""
import base64
import json
import os
import resource
import signal
import subprocess
import threading

import pytest

import kmsd
import ttlv
from test_tls import refused, wait_for_log
from ttlv import decrypt, encrypt, get, message, octets_of


def verify(*paths):
    """The exit status of the command, and what it says."""
    done = subprocess.run(
        [kmsd.BIN / "kmsd", "audit", "verify", *map(str, paths)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def audited(new_server, tmp_path):
    """A server with an audit log, and the log's path."""

    def make(*options, **more):
        path = tmp_path / "audit.jsonl"
        return new_server(options=[f"--audit-file={path}", *options], **more), path

    return make


def test_every_operation_leaves_a_line_with_who_what_and_how_it_ended(audited):
    server, path = audited("--server-id=north")
    server.start()
    key = server.create()
    server.kmip(encrypt(key, b"x"))
    answer = server.post(get("nowhere"))
    server.access("grant", key, "bob", "get")
    server.kmip(message(get(key), get("nowhere")))
    server.get("/access/owned")
    server.stop()

    found = [(each["operation"], each.get("objects"), each["result"]) for each in lines(path)]
    assert found == [
        ("Start", None, "Success"), ("Create", [key], "Success"), ("Encrypt", [key], "Success"),
        ("Get", ["nowhere"], "Object_Not_Found"), ("Grant", [key], "Success"), ("Get", [key], "Success"),
        ("Get", ["nowhere"], "Object_Not_Found"),
        ("ListOwned", None, "Success"), ("Stop", None, "Success")]
    create, refusal, grant = (lines(path)[at] for at in (1, 3, 4))
    assert grant["detail"] == "for bob: get"
    assert (create["user"], create["credential"], create["address"], create["server"], create["seq"]) == (
        "admin", "none", "127.0.0.1", "north", 2)
    assert refusal["request"] == answer.headers["x-request-id"]
    assert verify(path)[0] == 0
    assert path.stat().st_mode & 0o077 == 0


def test_no_secret_is_in_it(audited):
    server, path = audited()
    server.start()
    key, data = bytes(range(100, 132)), b"a very secret text"
    server.kmip(ttlv.import_key("k", key))
    sealed = server.kmip(encrypt("k", data))
    cipher = octets_of(sealed, "Data")
    server.kmip(decrypt("k", cipher, iv=octets_of(sealed, "IvCounterNonce"),
                        tag=octets_of(sealed, "AuthenticatedEncryptionTag")))
    server.stop()
    content = path.read_bytes().lower()
    for secret in (key, data, cipher):
        for form in (secret, secret.hex().encode(), base64.b64encode(secret).lower()):
            assert form not in content


def test_no_value_of_a_request_forges_a_line(audited):
    server, path = audited()
    server.start()
    evil = 'x"}\n{"seq":3,"operation":"Destroy","user":"mallory","hash":"' + "0" * 64
    for uid in [evil, "a\u2028b\x7f", "\\", '","result":"Success', "x" * 5000]:
        server.post(get(uid))
        server.post(json.dumps({"unique_identifier": uid, "user_id": uid, "operation_types": ["get"]}),
                    path="/access/grant")
        server.get("/version", headers={"traceparent": "00-" + "0" * 31 + "1-" + "0" * 15 + "1-01"})
    server.stop()
    assert verify(path)[0] == 0
    assert {each["operation"] for each in lines(path)} == {"Start", "Get", "Grant", "Stop"}
    assert max(map(len, path.read_bytes().split(b"\n"))) < 16384


def test_a_trace_of_the_client_is_noted(audited):
    server, path = audited()
    server.start()
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    server.post(get("nowhere"), headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    server.post(get("nowhere"), headers={"traceparent": f"00-{trace.upper()}-00f067aa0ba902b7-01"})
    server.stop()
    assert [each.get("trace") for each in lines(path) if each["operation"] == "Get"] == [trace, None]


def test_any_change_is_found_at_its_line(audited, tmp_path):
    server, path = audited()
    server.start()
    for at in range(5):
        server.post(get(f"key-{at}"))
    server.stop()
    whole = path.read_bytes().splitlines(keepends=True)
    assert len(whole) == 7 and verify(path)[0] == 0
    changes = {
        "changed": ([*whole[:3], whole[3].replace(b"key-2", b"key-9"), *whole[4:]], 4),
        "cut": ([*whole[:3], *whole[4:]], 4),
        "reordered": ([*whole[:3], whole[4], whole[3], *whole[5:]], 4),
        "doubled": ([*whole[:4], whole[3], *whole[4:]], 5),
        "added": ([*whole[:3], b'{"seq":4}\n', *whole[3:]], 4),
        "empty": ([*whole[:3], b"\n", *whole[3:]], 4),
        "without its end": ([*whole[:6], whole[6][:-20]], 7),
    }
    for name, (content, line) in changes.items():
        changed = tmp_path / "changed.jsonl"
        changed.write_bytes(b"".join(content))
        status, said = verify(changed)
        assert status == 1, name
        reported = int(said.split(f"{changed}:")[1].split(":")[0])
        # A line that is not whole may have been cut by the server's end: only the next one tells.
        assert reported in (line, line + 1), (name, said)
    for position in range(0, len(path.read_bytes()), 97):
        changed = bytearray(path.read_bytes())
        changed[position] ^= 1
        (tmp_path / "flipped.jsonl").write_bytes(changed)
        assert verify(tmp_path / "flipped.jsonl")[0] == 1, position


def test_the_chain_goes_on_after_a_restart_and_a_rotation(audited, tmp_path):
    server, path = audited()
    server.start()
    server.create()
    server.stop()
    server.start()
    old = tmp_path / "audit.1"
    path.rename(old)
    server.create()
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "reloaded: audit log")
    server.create()
    server.stop()

    assert [each["operation"] for each in lines(path)] == ["Create", "Stop"]
    assert verify(old, path)[0] == 0
    assert verify(path, old)[0] == 1
    status, said = verify(path)
    assert status == 0 and "is not in these files" in said


def test_one_file_belongs_to_one_server(audited, new_server, tmp_path):
    server, path = audited()
    server.start()
    assert "another server writes it" in refused(new_server(tmp_path / "other", options=[f"--audit-file={path}"]))


def test_a_damaged_end_keeps_the_server_from_going_on_with_it(audited):
    server, path = audited()
    server.start().stop()
    path.write_bytes(path.read_bytes().replace(b'"Stop"', b'"Stap"'))
    assert "its last line is damaged" in refused(server)


def test_a_line_that_a_power_failure_cut_is_accounted_for(audited):
    server, path = audited()
    server.start()
    server.create()
    server.kill()
    path.write_bytes(path.read_bytes()[:-30])
    server.start().stop()
    status, said = verify(path)
    assert status == 0 and "1 were cut" in said, said
    path.write_bytes(path.read_bytes().replace(b'"operation":"Create"', b'"operation":"Delete"'))
    assert verify(path)[0] == 1


def test_what_was_answered_is_in_it_after_a_kill(audited, rounds):
    server, path = audited()
    created = []
    for _ in range(rounds):
        server.start()
        stop = threading.Event()

        def create():
            session = server.new_session()
            while not stop.is_set():
                try:
                    created.append(server.create(session=session))
                except Exception:
                    return

        clients = [threading.Thread(target=create) for _ in range(4)]
        for client in clients:
            client.start()
        goal = len(created) + 100
        while len(created) < goal:
            stop.wait(0.005)
        server.process.kill()
        for client in clients:
            client.join()
        server.kill()
    status, said = verify(path)
    assert status == 0, said
    recorded = {each["objects"][0] for each in lines(path) if each["operation"] == "Create"}
    assert set(created) <= recorded


@pytest.fixture
def full(audited):
    """Starts a server whose files may not grow beyond what they soon reach."""

    def make(policy):
        server, path = audited(f"--audit-failure={policy}", driver=[
            "--database-type=sqlite", "--sqlite-path=data"])
        server.start()
        server.create()
        # The log's file alone is at its limit: the database's are far from it, or beyond it already.
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (path.stat().st_size + 10, resource.RLIM_INFINITY))
        return server, path

    return make


def lift(server):
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_by_default_nothing_is_done_that_cannot_be_recorded(full):
    server, path = full("refuse")
    assert [server.post(get("nowhere")).status_code for _ in range(3)] == [503] * 3
    assert server.session.get(f"{server.url}/health", timeout=10).json()["audit"] == "down"
    assert server.session.get(f"{server.url}/health", timeout=10).status_code == 503
    lift(server)
    while server.post(get("nowhere")).status_code == 503:
        pass
    assert server.session.get(f"{server.url}/health", timeout=10).json()["audit"] == "up"
    server.stop()
    assert verify(path)[0] == 0
    assert [each for each in lines(path) if each["operation"] == "Recover"]


def test_the_server_can_go_on_with_its_health_red(full):
    server, path = full("continue")
    assert [server.post(get("nowhere")).status_code for _ in range(3)] == [422] * 3
    assert server.session.get(f"{server.url}/health", timeout=10).status_code == 503
    assert "the audit log cannot be written" in server.log()
    lift(server)
    while server.session.get(f"{server.url}/health", timeout=10).status_code == 503:
        server.post(get("nowhere"))
    server.stop()
    assert verify(path)[0] == 0
    [recovery] = [each for each in lines(path) if each["operation"] == "Recover"]
    assert recovery["detail"].endswith("events could not be written")


def test_only_file_and_command_line_name_the_log(new_server, tmp_path):
    environment = {**os.environ, "KMS_AUDIT_FILE": str(tmp_path / "audit"), "KMS_CONF": "/dev/null"}
    subprocess.run([kmsd.BIN / "kmsd", "--info", "--database-type=sqlite"], env=environment, timeout=30)
    assert not (tmp_path / "audit").exists()
    assert "audit-file" in refused(new_server(options=["--audit-file="]))


def test_the_command_needs_files(tmp_path):
    assert "needs the files" in subprocess.run(
        [kmsd.BIN / "kmsd", "audit", "verify"], capture_output=True, text=True, timeout=30).stderr
    assert verify(tmp_path / "none")[0] == 1
