"""HTTPS: where keys and certificates come from, what is spoken, and how they are exchanged while it runs."""
import datetime
import os
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

import kmsd
import ttlv
from certificates import HOUR, Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def pem_options(issued):
    return [f"--https-cert-file={issued.cert_path}", f"--https-key-file={issued.key_path}"]


@pytest.fixture
def https(new_server, authority):
    """Makes servers that show `issued`, a certificate of the authority's."""

    def make(issued=None, options=(), **more):
        issued = issued or authority.server()
        return new_server(options=[*pem_options(issued), *options], ca=str(authority.path), **more)

    return make


def wait_for_log(server, text, count=1):
    ends_at = time.monotonic() + 10
    while server.log().count(text) < count:
        assert time.monotonic() < ends_at, server.log()
        time.sleep(0.01)


def served_certificate(server):
    context = ssl.create_default_context(cafile=server.ca)
    with socket.create_connection(("127.0.0.1", server.port), 10) as plain:
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
            return connection.getpeercert(binary_form=True)


def handshake(server, *, version=None, ciphers=None):
    """What is agreed on with a client that speaks only this; None when there is no agreement."""
    context = ssl.create_default_context(cafile=server.ca)
    # Else this client itself would not speak what the server must refuse.
    context.set_ciphers((ciphers or "ALL") + ":@SECLEVEL=0")
    if version:
        context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection(("127.0.0.1", server.port), 10) as plain:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
                return connection.version(), connection.cipher()[0]
    except (ssl.SSLError, ConnectionError):
        return None


@pytest.mark.parametrize("password", [b"secret", b""])
def test_a_pkcs12_file_makes_it_https(new_server, authority, tmp_path, password):
    secret = tmp_path / "password"
    secret.write_bytes(password + b"\n")
    secret.chmod(0o600)
    options = [
        f"--https-p12-file={authority.server().p12(password)}", f"--https-p12-password-file={secret}"]
    server = new_server(options=options, ca=str(authority.path)).start()

    key = server.create()

    assert ttlv.material(server.kmip(ttlv.get(key)))
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{server.port}/version", timeout=10)


def test_a_certificate_with_its_chain_and_key_as_pem_makes_it_https(new_server, authority, tmp_path):
    between = Authority(tmp_path / "between", "between", parent=authority)
    issued = between.server()
    own, chain = tmp_path / "own.pem", tmp_path / "chain.pem"
    parts = issued.cert_path.read_text().partition("-----END CERTIFICATE-----\n")
    own.write_text(parts[0] + parts[1])
    chain.write_text(parts[2])
    options = [f"--https-cert-file={own}", f"--https-chain-file={chain}", f"--https-key-file={issued.key_path}"]

    server = new_server(options=options, ca=str(authority.path)).start()

    assert server.create()


@pytest.mark.parametrize("key", [rsa.generate_private_key(65537, 2048)], ids=["rsa"])
def test_keys_of_other_kinds_are_served(https, authority, key):
    assert https(authority.server("other", key=key)).start().create()


def refused(server):
    with pytest.raises(kmsd.NotStarted) as raised:
        server.start()
    return raised.value.log


def test_what_is_missing_or_wrong_keeps_the_server_from_starting(new_server, authority, tmp_path):
    issued, other = authority.server(), authority.server("other")
    p12 = issued.p12(b"secret")
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"garbage")
    cases = {
        "needs its password": [f"--https-p12-file={p12}"],
        "the password is wrong": [f"--https-p12-file={p12}", "--https-p12-password=wrong"],
        "there is no https-p12-file": ["--https-p12-password=secret"],
        "No such file": [f"--https-p12-file={tmp_path / 'none'}", "--https-p12-password=secret"],
        "no PKCS#12": [f"--https-p12-file={garbage}", "--https-p12-password=secret"],
        "not both": [f"--https-p12-file={p12}", "--https-p12-password=secret", *pem_options(issued)],
        "needs https-key-file": [f"--https-cert-file={issued.cert_path}"],
        "needs https-cert-file": [f"--https-key-file={issued.key_path}"],
        "does not belong": [f"--https-cert-file={issued.cert_path}", f"--https-key-file={other.key_path}"],
        "no certificate as PEM": [f"--https-cert-file={garbage}", f"--https-key-file={issued.key_path}"],
        "no private key": [f"--https-cert-file={issued.cert_path}", f"--https-key-file={garbage}"],
        "must be one of": [*pem_options(issued), "--tls-min-version=1.1"],
    }
    for expected, options in cases.items():
        log = refused(new_server(options=options))
        assert expected in log, log
        assert "secret" not in log.replace("a secret", "")
        check = subprocess.run(
            [kmsd.BIN / "kmsd", "--check-config", "--database-type=sqlite", *options], capture_output=True, text=True,
            env={**os.environ, "KMS_CONF": str(garbage.with_name("empty"))}, timeout=30)
        assert check.returncode != 0, expected


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_only_good_versions_and_suites_are_spoken(https, authority, kind):
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else None
    server = https(authority.server(kind, key=key)).start()

    assert handshake(server)[0] == "TLSv1.3"
    assert handshake(server, version=ssl.TLSVersion.TLSv1_2)[0] == "TLSv1.2"
    assert handshake(server, version=ssl.TLSVersion.TLSv1_1) is None
    assert handshake(server, version=ssl.TLSVersion.TLSv1) is None
    for weak in ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384",
                 "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384", "aNULL"]:
        assert handshake(server, version=ssl.TLSVersion.TLSv1_2, ciphers=weak) is None, weak


def test_versions_and_suites_can_be_narrowed(https):
    newest = https(options=["--tls-min-version=1.3"]).start()
    assert handshake(newest)[0] == "TLSv1.3"
    assert handshake(newest, version=ssl.TLSVersion.TLSv1_2) is None

    suite = "ECDHE-ECDSA-AES256-GCM-SHA384"
    narrow = https(options=[f"--tls-cipher-suites={suite}"]).start()
    assert handshake(narrow, version=ssl.TLSVersion.TLSv1_2) == ("TLSv1.2", suite)
    only = "ECDHE-ECDSA-AES128-GCM-SHA256"
    assert handshake(narrow, version=ssl.TLSVersion.TLSv1_2, ciphers=only) is None


def test_openssl_sees_no_weakness(https):
    """Renegotiation, compression and resumption as a scanner looks at them."""
    server = https().start()
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", server.ca, "-tls1_2"],
        input=b"", capture_output=True, timeout=30).stdout.decode()

    assert "Verify return code: 0 (ok)" in shown
    assert "Secure Renegotiation IS supported" in shown
    assert "Compression: NONE" in shown
    assert "Server Temp Key: X25519" in shown or "Server Temp Key: ECDH" in shown


def test_a_new_certificate_is_taken_without_dropping_a_request(https, authority):
    first, second = authority.server("first"), authority.server("second")
    server = https(first).start()
    before = served_certificate(server)
    failures, counts, stop = [], [0, 0], threading.Event()

    def use(at):
        session = server.new_session()
        while not stop.is_set():
            try:
                assert session.get(f"{server.url}/version", timeout=10).status_code == 200
                counts[at] += 1
            except Exception as error:
                failures.append(error)
                return

    clients = [threading.Thread(target=use, args=[at]) for at in range(2)]
    for client in clients:
        client.start()
    os.replace(second.cert_path, first.cert_path)
    os.replace(second.key_path, first.key_path)
    for round in range(5):
        server.process.send_signal(signal.SIGHUP)
        wait_for_log(server, "reloaded: certificates", round + 1)
    after, seen = served_certificate(server), list(counts)
    ends_at = time.monotonic() + 10
    while any(now <= then for now, then in zip(counts, seen)) and not failures and time.monotonic() < ends_at:
        time.sleep(0.01)
    stop.set()
    for client in clients:
        client.join()

    assert failures == []
    assert before != after
    assert all(now > then for now, then in zip(counts, seen))


def test_a_bad_new_file_keeps_the_old_certificate_and_says_so(https, authority):
    issued = authority.server("kept")
    server = https(issued).start()
    before = served_certificate(server)

    issued.cert_path.write_text("garbage")
    server.process.send_signal(signal.SIGHUP)

    wait_for_log(server, "not reloaded: certificates")
    assert "no certificate as PEM" in server.log()
    assert served_certificate(server) == before
    assert server.create()


def test_a_certificate_near_its_end_is_announced(https, authority):
    server = https(authority.server("short", ends=HOUR)).start()
    assert "the server's certificate expires soon" in server.log()


def test_a_signal_to_reload_is_harmless_without_anything_to_reload(new_server):
    server = new_server().start()
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "nothing to reload")
    assert server.create()


def test_a_client_that_does_not_finish_its_handshake_is_dropped(https):
    server = https(options=["--idle-timeout=500ms", "--request-timeout=500ms"]).start()
    with socket.create_connection(("127.0.0.1", server.port), 10) as silent:
        silent.settimeout(10)
        silent.sendall(b"\x16\x03\x01\x02\x00")
        assert silent.recv(1) == b""
