"""Limits on requests and connections: what is too much is answered as such, and leaves others alone."""
import contextlib
import socket
import time

import pytest
import requests

from certificates import Authority
from test_connections import connect, read_answer, version
from test_tls import refused, wait_for_log


def get_version(server, session):
    return session.get(f"{server.url}/version", timeout=10)


def test_requests_of_one_address_are_limited(new_server):
    server = new_server(options=["--rate-limit-per-address=20"]).start()
    answers = [get_version(server, server.session) for _ in range(60)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and {answer.status_code for answer in answers} == {200, 429}
    assert int(refused[0].headers["retry-after"]) == 1
    ends_at = time.monotonic() + 5
    while get_version(server, server.session).status_code == 429:
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def test_requests_of_one_user_are_limited_and_those_of_others_are_not(new_server, tmp_path):
    authority = Authority(tmp_path / "authority")
    shown = authority.server()
    server = new_server(ca=str(authority.path), options=[
        f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}", "--rate-limit-per-user=10",
        f"--authority-cert-file={authority.path}"]).start()
    alice = [server.new_session(cert=authority.issue("alice").pair) for _ in range(2)]
    bob = server.new_session(cert=authority.issue("bob").pair)
    statuses = [get_version(server, alice[at % 2]).status_code for at in range(40)]
    assert statuses[:5] == [200] * 5 and 429 in statuses
    assert get_version(server, bob).status_code == 200


def test_connections_are_limited_in_all_and_per_address(new_server, tmp_path):
    for name, options in {"all": ["--max-client-connections=5"], "address": ["--max-client-connections-per-address=5"]}.items():
        server = new_server(tmp_path / name, options=options).launch()
        wait_for_log(server, " kmsd: ready ")
        with contextlib.ExitStack() as stack:
            kept = [
                stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10)) for _ in range(5)]
            for connection in kept:
                connection.sendall(version(server))
                assert connection.recv(12) == b"HTTP/1.1 200"
            with socket.create_connection(("127.0.0.1", server.port), 10) as further:
                further.settimeout(10)
                with contextlib.suppress(ConnectionResetError):
                    assert further.recv(1) == b""
            assert " kmsd: ready " in server.log()
            kept[0].close()
            ends_at = time.monotonic() + 5
            while True:
                try:
                    assert requests.get(f"{server.url}/version", timeout=10).status_code == 200
                    break
                except requests.ConnectionError:
                    assert time.monotonic() < ends_at


def test_many_idle_connections_leave_the_server_to_others(new_server, rounds):
    """5,000 with the full counts of `make test-long`."""
    count = 5000 if rounds >= 20 else 500
    server = new_server(options=["--idle-timeout=60s"]).start()
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
        started = time.monotonic()
        key = server.create()
        assert key and time.monotonic() - started < 5
        with connect(server) as connection, connection.makefile("rb") as reader:
            connection.sendall(version(server))
            assert read_answer(reader)[0] == 200


@pytest.mark.parametrize("option", ["--max-client-connections=0", "--rate-limit-per-user=-1"])
def test_limits_have_bounds(new_server, option):
    assert "must be between" in refused(new_server(options=[option]))
