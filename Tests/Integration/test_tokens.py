"""API tokens: the key that is one, and those that users make for their programs."""
import base64
import json

import pytest

import ttlv
from certificates import Authority
from test_tls import refused
from ttlv import revoke


def status(server, token=None, header=None, path="/version"):
    session = server.new_session()
    headers = {"Authorization": header if header is not None else f"Bearer {token}"} if token or header else {}
    try:
        return session.get(server.url + path, headers=headers, timeout=10).status_code
    finally:
        session.close()


@pytest.fixture
def keyed(new_server, tmp_path):
    """A server that takes the key `token` as API token, and the token's text."""

    def make(key=bytes(range(200, 232)), options=(), import_first=True):
        folder = tmp_path / "server"
        if import_first:
            first = new_server(folder, user="alice").start()
            first.kmip(ttlv.import_key("token", key))
            first.stop()
        server = new_server(folder, user="alice", options=["--api-token-id=token", *options]).start()
        return server, base64.b64encode(key).decode()

    return make


def test_the_text_of_the_key_lets_in_as_the_default_user(keyed):
    server, token = keyed()
    session = server.new_session(token=token)
    key = server.create(session=session)
    owned = session.get(f"{server.url}/access/owned", timeout=10).json()
    assert key in [row["object_id"] for row in owned]
    assert status(server) == 401


def test_anything_else_is_refused_without_a_body(keyed):
    server, token = keyed()
    swapped = token.swapcase()
    wrong = [token[:-1], token + "=", token.lower(), swapped, token + "A", "A" + token, " ", "x" * 20_000, "\xe9",
             "a.b.c", "kmst_x", "kmst_x.y", "kmst_.."]
    for each in wrong:
        assert status(server, header="Bearer " + each) == 401, each
    for header in ["Basic " + token, token, "Bearer", "Bearer ", "bearer" + token, "Bearer\t" + token]:
        assert status(server, header=header) == 401, header
    answer = server.session.get(f"{server.url}/access/owned", timeout=10)
    assert (answer.status_code, answer.content) == (401, b"")
    assert token not in server.log()


def test_the_scheme_may_be_written_as_http_has_it(keyed):
    server, token = keyed()
    assert [status(server, header=each + token) for each in ["Bearer ", "bearer ", "BEARER   "]] == [200] * 3


def test_the_comparison_of_4_22_is_an_option(keyed):
    server, token = keyed(options=["--api-token-ignore-case"])
    assert (status(server, token.lower()), status(server, token.swapcase()), status(server, token[:-4])) == (
        200, 200, 401)


def test_a_key_that_is_revoked_is_no_token_from_then_on(keyed):
    server, token = keyed()
    assert status(server, token) == 200
    assert server.post(revoke("token"), session=server.new_session(token=token)).status_code == 200
    assert status(server, token) == 401


@pytest.mark.parametrize("key", [b"", bytes(8)])
def test_without_a_key_that_can_be_a_token_nobody_is_let_in(keyed, key):
    server, token = keyed(key, import_first=key != b"")
    assert (status(server, token), status(server)) == (401, 401)


# Tokens that users make


@pytest.fixture
def users(new_server, tmp_path):
    """A server where users come in by certificate or by tokens of their own."""
    authority = Authority(tmp_path / "authority")
    shown = authority.server()
    server = new_server(ca=str(authority.path), options=[
        f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}", "--api-tokens",
        f"--authority-cert-file={authority.path}", "--client-certificates=optional"]).start()
    return server, {name: server.new_session(cert=authority.issue(name).pair) for name in ("alice", "bob")}


def make(server, session, **body):
    answer = session.post(f"{server.url}/tokens", json={"expires_in": 3600, **body}, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_token_acts_as_the_user_who_made_it(users):
    server, sessions = users
    made = make(server, sessions["alice"], label="backup")
    program = server.new_session(token=made["token"])

    key = server.create(session=program)

    owned = sessions["alice"].get(f"{server.url}/access/owned", timeout=10).json()
    assert [row["object_id"] for row in owned] == [key]
    [listed] = sessions["alice"].get(f"{server.url}/tokens", timeout=10).json()
    assert listed == {key: made[key] for key in ("id", "label", "expires_at")}
    assert sessions["bob"].get(f"{server.url}/tokens", timeout=10).json() == []
    assert made["token"].partition(".")[2] not in server.log()


def test_a_token_ends_when_it_is_revoked_or_expires(users):
    server, sessions = users
    first, second = (make(server, sessions["alice"]) for _ in range(2))
    short = make(server, sessions["alice"], expires_in=1)
    assert sessions["bob"].delete(f"{server.url}/tokens/{first['id']}", timeout=10).status_code == 422
    assert status(server, first["token"]) == 200

    assert sessions["alice"].delete(f"{server.url}/tokens/{first['id']}", timeout=10).status_code == 200

    assert (status(server, first["token"]), status(server, second["token"])) == (401, 200)
    while status(server, short["token"]) == 200:
        pass
    assert "the API token has expired" in server.log()


def test_nothing_but_the_whole_token_is_accepted(users):
    server, sessions = users
    first, second = (make(server, sessions["alice"])["token"] for _ in range(2))
    mixed = first.partition(".")[0] + "." + second.partition(".")[2]
    for wrong in [mixed, first[:-1], first + "A", first.partition(".")[0] + ".", first.upper(), first + ".x"]:
        assert status(server, wrong) == 401, wrong


def test_a_token_makes_no_other_token(users):
    server, sessions = users
    program = server.new_session(token=make(server, sessions["alice"])["token"])
    assert program.post(f"{server.url}/tokens", json={"expires_in": 60}, timeout=10).status_code == 403


def test_what_is_kept_of_a_token_is_out_of_reach(users):
    server, sessions = users
    made = make(server, sessions["alice"])
    uid = f"api-token-{made['id']}"
    for item in [ttlv.get(uid), ttlv.get_attributes(uid), ttlv.revoke(uid), ttlv.destroy(uid)]:
        assert server.post(item, session=sessions["alice"]).status_code == 422
    assert server.post(ttlv.import_key(uid, bytes(32), replace=True), session=sessions["alice"]).status_code != 200
    assert sessions["alice"].get(f"{server.url}/access/owned", timeout=10).json() == []
    grant = {"unique_identifier": uid, "user_id": "bob", "operation_types": ["get"]}
    assert sessions["alice"].post(f"{server.url}/access/grant", json=grant, timeout=10).status_code == 401
    assert status(server, made["token"]) == 200


def test_an_object_that_only_looks_like_a_token_is_none(users):
    server, sessions = users
    server.post(ttlv.import_key("api-token-fake", bytes(40)), session=sessions["bob"])
    assert status(server, "kmst_fake." + base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")) == 401


@pytest.mark.parametrize("body", [
    "", "{}", "[]", '{"expires_in": 0}', '{"expires_in": -1}', '{"expires_in": 99999999999}',
    '{"expires_in": "1"}', json.dumps({"expires_in": 1, "label": "x" * 201})])
def test_what_is_no_request_for_a_token_is_refused(users, body):
    server, sessions = users
    assert sessions["alice"].post(f"{server.url}/tokens", data=body, timeout=10).status_code == 400


def test_tokens_are_made_only_where_they_are_allowed(keyed):
    server, token = keyed()
    session = server.new_session(token=token)
    assert session.post(f"{server.url}/tokens", json={"expires_in": 60}, timeout=10).status_code == 404


def test_half_a_configuration_is_refused(new_server):
    assert "needs another way to authenticate" in refused(new_server(options=["--api-tokens"]))
    assert "needs api-token-id" in refused(new_server(options=["--api-token-ignore-case"]))
    assert "must not be empty" in refused(new_server(options=["--api-token-id="]))
