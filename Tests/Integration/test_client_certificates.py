"""Client certificates: who is let in by them, as whom, and until when."""
import signal
import socket
import ssl

import pytest
import requests
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certificates import HOUR, Authority
from test_tls import refused, wait_for_log


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def secured(new_server, authority):
    """Makes servers that ask for certificates of `authorities` (paths; the authority's unless given)."""

    def make(options=(), authorities=None, **more):
        shown = authority.server()
        return new_server(ca=str(authority.path), options=[
            f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}",
            f"--authority-cert-file={authorities or authority.path}", *options], **more)

    return make


def version(server, issued=None, **more):
    """The status of an answer; None when the connection is refused."""
    session = server.new_session(cert=issued.pair if issued else None)
    try:
        return session.get(f"{server.url}/version", timeout=10, **more).status_code
    except requests.ConnectionError:
        return None
    finally:
        session.close()


def test_the_common_name_is_the_user(secured, authority):
    server = secured().start()
    alice, bob = authority.issue("alice"), authority.issue("bob")
    sessions = [server.new_session(cert=each.pair) for each in (alice, bob)]

    key = server.create(session=sessions[0])

    owned = [session.get(f"{server.url}/access/owned", timeout=10).json() for session in sessions]
    assert [[row["object_id"] for row in rows] for rows in owned] == [[key], []]


def test_who_shows_nothing_is_not_let_in(secured):
    assert version(secured().start()) is None
    optional = secured(options=["--client-certificates=optional"]).start()
    assert version(optional) == 401
    health = optional.session.get(f"{optional.url}/health", timeout=10)
    assert (health.status_code, health.json()) == (200, {"status": "up"})


def test_only_certificates_in_force_from_the_authority_are_accepted(secured, authority, tmp_path):
    other = Authority(tmp_path / "other", "authority")
    between = Authority(tmp_path / "between", "between", parent=authority)
    deep = Authority(tmp_path / "deep", "deep", parent=Authority(
        tmp_path / "shallow", "shallow", parent=authority, path_length=0))
    fake = authority.issue("fake-authority", authority=False)
    fake_issuer = Authority(tmp_path / "fake", "fake")
    fake_issuer.certificate, fake_issuer.key, fake_issuer.parent = fake.certificate, fake.key, authority
    cases = {
        "good": (authority.issue("good"), 200),
        "without usage": (authority.issue("plain", usage=None), 200),
        "through an intermediate": (between.issue("below"), 200),
        "expired": (authority.issue("late", begins=-2 * HOUR, ends=-HOUR), None),
        "not yet valid": (authority.issue("early", begins=HOUR, ends=2 * HOUR), None),
        "of another authority of the same name": (other.issue("stranger"), None),
        "for servers": (authority.issue("server", usage=ExtendedKeyUsageOID.SERVER_AUTH), None),
        "below an authority that may have none below": (deep.issue("deeper"), None),
        "issued by who is no authority": (fake_issuer.issue("faked"), None),
    }
    server = secured().start()
    assert {name: version(server, issued) for name, (issued, _) in cases.items()} == {
        name: expected for name, (_, expected) in cases.items()}


@pytest.mark.parametrize("name", [None, "", "*", "group:admins", "a\n"], ids=["none", "empty", "star", "group", "line"])
def test_a_certificate_that_names_no_user_is_not_let_in(secured, authority, name):
    server = secured().start()
    assert version(server, authority.issue("odd", name)) == 401


def test_an_alternative_name_can_be_the_user(secured, authority):
    for kind, sans in {
        "email": [x509.RFC822Name("alice@example.test")], "dns": [x509.DNSName("alice.example.test")],
        "uri": [x509.UniformResourceIdentifier("spiffe://example.test/alice")],
    }.items():
        server = secured(options=[f"--client-certificate-user={kind}"]).start()
        issued = authority.issue("holder", sans=sans)
        key = server.create(session=server.new_session(cert=issued.pair))
        assert version(server, authority.issue("none")) == 401
        assert version(server, authority.issue("two", sans=sans * 2)) == 401
        server.stop()
        named = secured(user=sans[0].value, options=["--client-certificate-user=" + kind,
                                                     "--force-default-username"]).start()
        owned = named.new_session(cert=issued.pair).get(f"{named.url}/access/owned", timeout=10).json()
        assert [row["object_id"] for row in owned] == [key]
        named.stop()


def test_who_is_forced_to_be_the_default_user_authenticates_all_the_same(secured, authority):
    server = secured(user="shared", options=["--force-default-username", "--client-certificates=optional"]).start()
    key = server.create(session=server.new_session(cert=authority.issue("alice").pair))
    other = server.new_session(cert=authority.issue("bob").pair)
    assert [row["object_id"] for row in other.get(f"{server.url}/access/owned", timeout=10).json()] == [key]
    assert version(server) == 401


def test_what_was_revoked_is_refused(secured, authority):
    good, bad = authority.issue("good"), authority.issue("bad")
    lists = authority.revoke(bad, name="revoked")
    server = secured(options=[f"--client-crl-file={lists}"]).start()

    assert (version(server, good), version(server, bad)) == (200, None)


def test_without_a_list_in_force_nobody_is_let_in(secured, authority, tmp_path):
    good = authority.issue("good")
    between = Authority(tmp_path / "between", "between", parent=authority)
    old = authority.revoke(begins=-2 * HOUR, ends=-HOUR, name="old")
    assert version(secured(options=[f"--client-crl-file={old}"]).start(), good) is None
    foreign = Authority(tmp_path / "foreign", "foreign").revoke()
    assert version(secured(options=[f"--client-crl-file={foreign}"]).start(), good) is None

    both = tmp_path / "both.pem"
    both.write_bytes(authority.revoke(name="root").read_bytes())
    server = secured(options=[f"--client-crl-file={both}"]).start()
    assert (version(server, good), version(server, between.issue("below"))) == (200, None)
    both.write_bytes(both.read_bytes() + between.revoke().read_bytes())
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "reloaded: certificates")
    assert version(server, between.issue("below")) == 200


def test_sessions_end_when_their_authority_or_certificate_is_taken_back(secured, authority, tmp_path):
    second = Authority(tmp_path / "second", "second")
    trusted, lists = tmp_path / "trusted.pem", tmp_path / "lists.pem"
    trusted.write_bytes(authority.path.read_bytes() + second.path.read_bytes())
    lists.write_bytes(authority.revoke().read_bytes() + second.revoke().read_bytes())
    alice, bob, carol = authority.issue("alice"), second.issue("bob"), authority.issue("carol")
    server = secured(authorities=trusted, options=[f"--client-crl-file={lists}"]).start()
    sessions = [server.new_session(cert=each.pair) for each in (alice, bob, carol)]

    def statuses():
        return [session.get(f"{server.url}/version", timeout=10).status_code for session in sessions]

    assert statuses() == [200, 200, 200]
    trusted.write_bytes(authority.path.read_bytes())
    lists.write_bytes(authority.revoke(carol).read_bytes())
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "reloaded: certificates")

    assert statuses() == [200, 401, 401]
    assert version(server, bob) is None and version(server, carol) is None


def test_a_bad_new_authority_file_keeps_the_old(secured, authority, tmp_path):
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(authority.path.read_bytes())
    alice = authority.issue("alice")
    server = secured(authorities=trusted).start()
    for content in [b"", b"garbage", authority.path.read_bytes()[:-60]]:
        trusted.write_bytes(content)
        count = server.log().count("not reloaded")
        server.process.send_signal(signal.SIGHUP)
        wait_for_log(server, "not reloaded: certificates", count + 1)
        assert version(server, alice) == 200


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_resumed_session_is_the_same_user(secured, authority, newest):
    server = secured().start()
    context = ssl.create_default_context(cafile=server.ca)
    context.load_cert_chain(*authority.issue("alice").pair)
    context.maximum_version = newest
    answers, session, reused = [], None, []
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port), 10) as plain:
            with context.wrap_socket(plain, server_hostname="127.0.0.1", session=session) as connection:
                connection.sendall(b"GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                answers.append(connection.recv(100)[:12])
                session = connection.session
                reused.append(connection.session_reused)
    assert answers == [b"HTTP/1.1 200"] * 3
    assert reused[1:] == [True, True]


def test_half_a_configuration_is_refused(new_server, authority, tmp_path):
    shown = authority.server()
    https = [f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}"]
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    trust = f"--authority-cert-file={authority.path}"
    for expected, options in {
        "client certificates need HTTPS": [trust],
        "needs authority-cert-file": [*https, f"--client-crl-file={empty}"],
        "no certificate as PEM": [*https, f"--authority-cert-file={empty}"],
        "no revocation list": [*https, trust, f"--client-crl-file={empty}"],
    }.items():
        assert expected in refused(new_server(options=options))
    assert "neither * nor group" in refused(new_server(user="*"))


def test_a_network_address_needs_no_leave_once_clients_authenticate(secured):
    server = secured(hostname="0.0.0.0").start()
    server.stop()


def test_the_log_says_why_nobody_was_let_in(secured, authority):
    server = secured(options=["--client-certificates=optional"]).start()
    assert version(server) == 401
    assert version(server, authority.issue("odd", "*")) == 401
    assert 'not authenticated address="127.0.0.1"' in server.log()
    assert "names nobody who can be a user" in server.log()
