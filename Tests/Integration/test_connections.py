"""HTTP/1.1 connections as bytes on a socket: what a well-meaning and an ill-meaning client may send."""
import re
import socket
import time

import pytest

import ttlv


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def request(server, body=b"", method="POST", path="/kmip/2_1", **headers):
    fields = {"Host": f"127.0.0.1:{server.port}", "Content-Length": len(body)}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def read_answer(reader):
    """Status, headers and body of the next answer; None at the end of the connection."""
    line = reader.readline()
    if not line:
        return None
    headers = {}
    while (field := reader.readline().strip()) != b"":
        name, _, value = field.partition(b":")
        headers[name.decode().lower()] = value.strip().decode()
    return int(line.split()[1]), headers, reader.read(int(headers.get("content-length", 0)))


def at_end(connection):
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def version(server, **headers):
    return request(server, method="GET", path="/version", **headers)


def test_pipelined_requests_are_answered_in_order(server):
    bad = request(server, b"{}")
    with connect(server) as connection:
        connection.sendall(version(server) + bad + version(server) + bad * 50)
        with connection.makefile("rb") as reader:
            statuses = [read_answer(reader)[0] for _ in range(53)]
    assert statuses == [200, 422, 200] + [422] * 50


def test_a_large_body_is_answered_before_what_follows_it(server):
    key = server.create()
    large = ttlv.dumps(ttlv.encrypt(key, bytes(200_000))).encode()
    assert len(large) > 400_000
    with connect(server) as connection:
        connection.sendall(request(server, large) + version(server))
        with connection.makefile("rb") as reader:
            first, second = read_answer(reader), read_answer(reader)
    assert first[0] == 200 and b"EncryptResponse" in first[2]
    assert second[0] == 200 and b"EncryptResponse" not in second[2]


def test_a_body_may_arrive_in_any_pieces(server):
    whole = request(server, ttlv.dumps(ttlv.create()).encode())
    with connect(server) as connection, connection.makefile("rb") as reader:
        for size in (1, 7, 64):
            for start in range(0, len(whole), size):
                connection.sendall(whole[start:start + size])
            assert read_answer(reader)[0] == 200


def test_a_chunked_body_is_put_together(server):
    body = ttlv.dumps(ttlv.create()).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 50]), body[i:i + 50]) for i in range(0, len(body), 50))
    with connect(server) as connection, connection.makefile("rb") as reader:
        connection.sendall(request(server, Content_Length=None, Transfer_Encoding="chunked") + chunks + b"0\r\n\r\n")
        assert read_answer(reader)[0] == 200


def test_the_client_is_told_to_send_a_body_that_it_asks_about(server):
    body = ttlv.dumps(ttlv.create()).encode()
    head = request(server, Content_Length=len(body), Expect="100-continue")
    with connect(server) as connection, connection.makefile("rb") as reader:
        connection.sendall(head)
        assert read_answer(reader)[0] == 100
        connection.sendall(body)
        assert read_answer(reader)[0] == 200


@pytest.mark.parametrize("value", ["close", "Close"])
def test_a_connection_is_closed_when_the_client_asks(server, value):
    with connect(server) as connection, connection.makefile("rb") as reader:
        connection.sendall(version(server, Connection=value) + version(server))
        status, headers, _ = read_answer(reader)
        assert (status, headers["connection"]) == (200, "close")
        assert read_answer(reader) is None


def test_a_client_that_stops_sending_is_still_answered(server):
    with connect(server) as connection, connection.makefile("rb") as reader:
        connection.sendall(request(server, ttlv.dumps(ttlv.create()).encode()))
        connection.shutdown(socket.SHUT_WR)
        assert read_answer(reader)[0] == 200
        assert read_answer(reader) is None


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_refused_before_it_is_sent_whole(new_server, announced):
    server = new_server(options=["--max-body-size=4096"]).start()
    with connect(server) as connection, connection.makefile("rb") as reader:
        if announced:
            connection.sendall(request(server, Content_Length=5000))
        else:
            connection.sendall(request(server, Content_Length=None, Transfer_Encoding="chunked"))
            connection.sendall(b"1388\r\n" + b" " * 5000)
        status, headers, body = read_answer(reader)
        assert (status, headers["connection"], body) == (413, "close", b"the body is too large")
        assert at_end(connection)


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET\r\n\r\n"])
def test_what_is_not_http_is_answered_once(server, garbage):
    with connect(server) as connection, connection.makefile("rb") as reader:
        connection.sendall(garbage)
        assert read_answer(reader)[0] == 400
        assert read_answer(reader) is None


def test_answers_carry_their_date(server):
    with connect(server) as connection, connection.makefile("rb") as reader:
        connection.sendall(version(server))
        date = read_answer(reader)[1]["date"]
    assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", date)
    assert abs(time.time() - time.mktime(time.strptime(date, "%a, %d %b %Y %H:%M:%S %Z")) + time.timezone) < 5


def test_silent_and_slow_connections_are_closed(new_server):
    server = new_server(options=["--idle-timeout=300ms", "--request-timeout=600ms"]).start()
    with connect(server) as silent, connect(server) as slow, connect(server) as used:
        started = time.monotonic()
        slow.sendall(request(server, Content_Length=1000))
        with used.makefile("rb") as reader:
            used.sendall(version(server))
            assert read_answer(reader)[0] == 200
            assert at_end(used)
        assert at_end(silent)
        assert at_end(slow)
        assert 0.25 < time.monotonic() - started < 5


def test_a_slow_body_does_not_live_by_its_bytes(new_server):
    server = new_server(options=["--request-timeout=500ms"]).start()
    with connect(server) as connection:
        connection.settimeout(0.05)
        connection.sendall(request(server, Content_Length=100_000))
        ends_at = time.monotonic() + 5
        while time.monotonic() < ends_at:
            try:
                connection.sendall(b" ")
                if connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("the connection was kept although its request never came to an end")
