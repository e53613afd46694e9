"""JSON Web Tokens: an issuer with its keys, tokens of every kind, and what must not be believed."""
import base64
import hashlib
import hmac
import json
import signal
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certificates import Authority
from issuer import RSA, Issuer, described
from test_tls import refused, wait_for_log
from test_tokens import status


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def issuer(authority):
    made = Issuer(authority.server())
    yield made
    made.stop()


def options_of(issuer, authority, *more):
    return [f"--jwt-issuer-uri={issuer.issuer}", f"--jwks-uri={issuer.uri}", "--jwt-audience=kms",
            f"--jwks-ca-file={authority.path}", *more]


@pytest.fixture
def trusting(new_server, authority, issuer):
    """Makes servers that take the issuer's tokens."""
    return lambda *more, **options: new_server(options=options_of(issuer, authority, *more), **options)


def owner(server, token):
    """Whom a token speaks for, seen by what is created with it."""
    session = server.new_session(token=token)
    key = server.create(session=session)
    grant = {"unique_identifier": key, "user_id": "x", "operation_types": ["get"]}
    assert session.post(f"{server.url}/access/grant", json=grant, timeout=10).status_code == 200
    refused = session.post(f"{server.url}/access/grant", json={**grant, "unique_identifier": "none"}, timeout=10)
    return refused.text.split(": ", 1)[1].split(" is not the owner")[0]


@pytest.mark.parametrize("algorithm, kid", [
    ("RS256", "rsa"), ("RS384", "rsa"), ("RS512", "rsa"), ("PS256", "rsa"), ("PS384", "rsa"), ("PS512", "rsa"),
    ("ES256", "p256"), ("ES384", "p384"), ("ES512", "p521"), ("EdDSA", "ed")])
def test_tokens_are_accepted_however_they_are_signed(trusting, issuer, algorithm, kid):
    server = trusting().start()
    assert status(server, issuer.token(algorithm, kid)) == 200


def test_the_e_mail_address_is_the_user(trusting, issuer):
    server = trusting().start()
    assert owner(server, issuer.token(aud=["other", "kms"])) == "alice@example.test"
    assert status(server) == 401


def encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_what_must_not_be_believed_is_refused(trusting, issuer):
    server = trusting().start()
    now = int(time.time())
    stranger = rsa.generate_private_key(65537, 2048)
    public = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header, payload = encoded({"alg": "HS256", "kid": "rsa"}), encoded(issuer.claims())
    forged = base64.urlsafe_b64encode(
        hmac.new(public, f"{header}.{payload}".encode(), hashlib.sha256).digest()).decode().rstrip("=")
    none = encoded({"alg": "none", "kid": "rsa"})
    good = issuer.token()
    parts = good.split(".")
    other = issuer.token(email="bob@example.test").split(".")
    cases = {
        "no signature": f"{none}.{payload}.",
        "algorithm none with something behind it": f"{none}.{payload}.{parts[2]}",
        "none in other letters": f"{encoded({'alg': 'nOnE', 'kid': 'rsa'})}.{payload}.{parts[2]}",
        "the public key as a shared secret": f"{header}.{payload}.{forged}",
        "another key under the same id": issuer.token(key=stranger),
        "an unknown key": issuer.token(kid="stranger", key=stranger),
        "a key of another kind": issuer.token("ES256", "rsa", key=issuer.keys["p256"]),
        "an algorithm that is not the key's": issuer.token("ES256", "p384", key=issuer.keys["p256"]),
        "no key id": issuer.token(headers={"kid": None}),
        "a key of its own": issuer.token(key=stranger, headers={"jwk": described(stranger, "rsa")}),
        "an address of keys": issuer.token(key=stranger, headers={"jku": "https://127.0.0.1/keys"}),
        "critical extensions": issuer.token(headers={"crit": ["exp"]}),
        "payload of another token": f"{parts[0]}.{other[1]}.{parts[2]}",
        "cut": good[:-4], "longer": good + "A", "empty signature": f"{parts[0]}.{parts[1]}.",
        "four parts": good + ".x", "padding": good + "=",
        "expired": issuer.token(exp=now - 1), "no end": issuer.token(exp=None),
        "end that is no number": f"{parts[0]}.{encoded({**issuer.claims(), 'exp': 'x'})}.{parts[2]}",
        "not yet": issuer.token(nbf=now + 300),
        "another audience": issuer.token(aud="other"), "no audience": issuer.token(aud=None),
        "other audiences": issuer.token(aud=["other", "kms2"]),
        "another issuer": issuer.token(iss="https://issuer.example.test"), "no issuer": issuer.token(iss=None),
        "no e-mail": issuer.token(email=None), "everybody": issuer.token(email="*"),
        "a group": issuer.token(email="group:admins"), "several e-mails": issuer.token(email=["alice@example.test"]),
        "empty": issuer.token(email=""), "not verified": issuer.token(email_verified=False),
        "a line": issuer.token(email="a\nb"),
    }
    assert {name: status(server, token) for name, token in cases.items()} == dict.fromkeys(cases, 401)
    assert status(server, good) == 200
    log = server.log()
    assert "the token has expired" in log and "signature is wrong" in log
    assert not any(token.split(".")[1] in log for token in cases.values())


def test_an_expired_token_is_refused_on_a_connection_that_it_opened(trusting, issuer):
    server = trusting().start()
    session = server.new_session(token=issuer.token(exp=int(time.time()) + 2))
    assert session.get(f"{server.url}/version", timeout=10).status_code == 200
    ends_at = time.monotonic() + 10
    while session.get(f"{server.url}/version", timeout=10).status_code == 200:
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def test_keys_are_rotated_without_a_restart(trusting, issuer):
    server = trusting().start()
    old = issuer.token("ES256", "p256")
    assert status(server, old) == 200
    former = issuer.keys.pop("p256")
    issuer.keys["next"] = ec.generate_private_key(ec.SECP256R1())

    # The first look at an unknown key may come too soon after the start: the operator may ask, too.
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "reloaded: key sets")

    assert status(server, issuer.token("ES256", "next")) == 200
    assert status(server, old) == 401
    assert status(server, issuer.token("ES256", "p256", key=former)) == 401


def test_unknown_keys_do_not_make_the_server_ask_without_end(trusting, issuer):
    server = trusting().start()
    stranger = rsa.generate_private_key(65537, 2048)
    token = issuer.token(kid="stranger", key=stranger)
    threads = [threading.Thread(target=status, args=(server, token)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert issuer.requests <= 2


@pytest.mark.parametrize("reply", [
    (302, {"Location": "/elsewhere"}, b""), (500, {}, b""), (200, {}, b"[]"), (200, {}, b'{"keys": []}'),
    (200, {}, b" " * (2 << 20))], ids=["redirect", "error", "garbage", "empty", "huge"])
def test_a_bad_answer_is_no_key_set(trusting, issuer, reply):
    issuer.reply = reply
    server = trusting().start()
    assert "a key set cannot be fetched" in server.log()
    assert status(server, issuer.token()) == 401
    issuer.reply = None
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "reloaded: key sets")
    assert status(server, issuer.token()) == 200


def test_the_last_keys_serve_while_the_issuer_is_down(trusting, issuer):
    server = trusting().start()
    issuer.stop()
    server.process.send_signal(signal.SIGHUP)
    wait_for_log(server, "a key set cannot be fetched")
    assert status(server, issuer.token()) == 200


def test_a_server_of_keys_must_be_the_one_it_says(trusting, new_server, issuer, authority, tmp_path):
    other = Authority(tmp_path / "other").path
    stranger = new_server(options=options_of(issuer, authority)[:3] + [f"--jwks-ca-file={other}"]).start()
    assert status(stranger, issuer.token()) == 401
    issuer.uri = issuer.uri.replace("127.0.0.1", "127.0.0.2")
    misnamed = new_server(tmp_path / "misnamed", options=options_of(issuer, authority)).start()
    assert status(misnamed, issuer.token()) == 401


def test_weak_keys_and_keys_for_other_uses_verify_nothing(trusting, issuer):
    weak = rsa.generate_private_key(65537, 1024)
    shapes = [described(weak, "weak"), described(RSA, "enc", use="enc"), described(RSA, "bound", alg="PS256"),
              {"kty": "oct", "kid": "shared", "k": "AAAA"}, {"kty": 1}, described(RSA, "rsa")]
    issuer.reply = (200, {}, json.dumps({"keys": shapes}).encode())
    server = trusting().start()
    assert [status(server, issuer.token(kid=kid, key=key, algorithm=algorithm)) for kid, key, algorithm in [
        ("rsa", RSA, "RS256"), ("bound", RSA, "PS256"), ("bound", RSA, "RS256"), ("enc", RSA, "RS256"),
        ("weak", weak, "RS256")]] == [200, 200, 401, 401, 401]
    with pytest.raises(Exception):
        jwt.decode(issuer.token(), "AAAA", algorithms=["HS256"])


def test_two_keys_with_one_id_are_no_key_set(trusting, issuer):
    issuer.reply = (200, {}, json.dumps(
        {"keys": [described(RSA, "rsa"), described(issuer.keys["p256"], "rsa")]}).encode())
    assert status(trusting().start(), issuer.token()) == 401


# Several issuers, files, and the claims that a table names


@pytest.fixture
def tabled(new_server, tmp_path):
    """Starts a server whose file has the tables."""

    def make(text, options=()):
        path = tmp_path / "issuers.toml"
        path.write_text(text)
        path.chmod(0o600)
        server = new_server(options=[f"--config={path}", *options])
        return server

    return make


def offline(tmp_path, name, **changes):
    """An issuer whose key set is a file."""
    issuer = Issuer()
    issuer.issuer = f"https://{name}.example.test/"
    path = tmp_path / f"{name}.json"
    path.write_bytes(issuer.jwks())
    issuer.uri = f"file://{path}"
    return issuer


def test_each_issuer_has_its_own_keys_claims_and_domains(tabled, tmp_path):
    first, second = offline(tmp_path, "first"), offline(tmp_path, "second")
    for issuer in (first, second):
        issuer.keys["own-" + issuer.issuer[8:13]] = issuer.keys.pop("p256")
        (tmp_path / f"{issuer.issuer[8:].split('.')[0]}.json").write_bytes(issuer.jwks())
    server = tabled(f"""
[[issuer]]
issuer = "{first.issuer}"
jwks-uri = "{first.uri}"
audience = ["kms", "kms-too"]
email-domains = ["Example.test"]
algorithms = ["ES256", "EdDSA"]

[[issuer]]
issuer = "{second.issuer}"
jwks-uri = "{second.uri}"
audience = "kms"
user-claim = "sub"
""").start()
    own = {issuer: next(kid for kid in issuer.keys if kid.startswith("own-")) for issuer in (first, second)}
    assert owner(server, first.token("ES256", own[first], aud="kms-too")) == "alice@example.test"
    assert owner(server, second.token("ES256", own[second], sub="program-7")) == "program-7"
    wrong = [
        first.token("ES256", own[first], email="alice@other.test"),
        first.token("ES256", own[first], email="alice@other.test@example.test"),
        first.token("RS256"),
        first.token("ES256", own[second], key=second.keys[own[second]]),
        second.token("ES256", own[second], iss=first.issuer),
        second.token("ES256", own[second], sub=None),
    ]
    assert [status(server, token) for token in wrong] == [401] * len(wrong)


def test_half_a_configuration_is_refused(new_server, tabled):
    issuer, keys, audience = "--jwt-issuer-uri=https://a.example.test/", "--jwks-uri=https://a/k", "--jwt-audience=kms"
    for expected, options in {
        "without it a token that was made for another service": [issuer],
        "jwks-uri: needs jwt-issuer-uri": [keys],
        "jwt-audience: needs jwt-issuer-uri": [audience],
        "one value for each of jwt-issuer-uri": [issuer, keys, keys, audience],
        "no address that begins with https": [issuer, "--jwks-uri=http://a/k", audience],
        "given twice": [issuer, issuer, audience, audience],
        "jwks-ca-file": ["--jwks-ca-file=/nowhere"],
    }.items():
        log = refused(new_server(options=options))
        assert expected in log, log
    for expected, text in {
        "issuer.audience: is missing": "[[issuer]]\nissuer = 'https://a/'",
        "issuer.issuer: is missing": "[[issuer]]\naudience = 'kms'",
        "unknown key; did you mean user-claim": "[[issuer]]\nissuer = 'https://a/'\naudience = 'a'\nuser-clam = 'x'",
        "is none of RS256": "[[issuer]]\nissuer = 'https://a/'\naudience = 'a'\nalgorithms = ['HS256']",
        "must be written [[issuer]]": "[issuer]\nissuer = 'https://a/'",
        "must be a string": "[[issuer]]\nissuer = 1\naudience = 'a'",
    }.items():
        log = refused(tabled(text))
        assert expected in log, log
