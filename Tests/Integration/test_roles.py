"""Groups from certificates and tokens, auditors, and who may create: on the real process."""
import pytest

import ttlv
from certificates import Authority
from issuer import Issuer
from test_tls import refused
from ttlv import encrypt, get, get_attributes


@pytest.fixture
def server_of(new_server, tmp_path):
    """A server whose users come by certificate or by token, and a session for each."""
    authority = Authority(tmp_path / "authority")
    issuer = Issuer()
    issuer.uri = tmp_path / "keys.json"
    issuer.uri.write_bytes(issuer.jwks())
    issuers = tmp_path / "issuers.toml"
    issuers.write_text(
        f'[[issuer]]\nissuer = "{issuer.issuer}"\njwks-uri = "file://{issuer.uri}"\naudience = "kms"\n'
        'groups-claim = "groups"\n')
    issuers.chmod(0o600)
    shown = authority.server()

    def make(*options):
        server = new_server(ca=str(authority.path), options=[
            f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}", f"--config={issuers}",
            f"--authority-cert-file={authority.path}", "--client-certificates=optional", *options]).start()

        def session(name, groups=(), by="certificate"):
            if by == "token":
                return server.new_session(token=issuer.token(email=name, groups=groups))
            return server.new_session(cert=authority.issue(name, units=groups).pair)

        return server, session

    return make


def grant(server, session, key, user, *rights):
    body = {"unique_identifier": key, "user_id": user, "operation_types": list(rights)}
    assert session.post(f"{server.url}/access/grant", json=body, timeout=10).status_code == 200


def statuses(server, session, *items):
    return [server.post(item, session=session).status_code for item in items]


@pytest.mark.parametrize("by", ["certificate", "token"])
def test_a_grant_to_a_group_is_one_to_its_members(server_of, by):
    server, session = server_of("--client-certificate-groups")
    alice, member, other = session("alice"), session("bob", ["ops", "dev"], by), session("carol", ["sales"], by)
    key = server.create(session=alice)
    grant(server, alice, key, "group:ops", "encrypt")
    grant(server, alice, key, "bob", "getattributes")

    assert statuses(server, member, encrypt(key, b"x"), get(key)) == [200, 422]
    assert statuses(server, other, encrypt(key, b"x"), get(key)) == [422, 422]
    assert ttlv.located(server.kmip(ttlv.structure("Locate", ttlv.structure("Attributes")), session=member)) == [key]
    obtained = member.get(f"{server.url}/access/obtained", timeout=10).json()
    assert [(row["object_id"], sorted(row["operations"])) for row in obtained] == [(key, ["encrypt", "getattributes"])]


def test_units_of_certificates_are_groups_only_when_that_is_said(server_of):
    server, session = server_of()
    alice = session("alice")
    key = server.create(session=alice)
    grant(server, alice, key, "group:ops", "encrypt")
    assert statuses(server, session("bob", ["ops"]), encrypt(key, b"x")) == [422]


def test_an_auditor_sees_everything_but_keys_and_does_nothing(server_of):
    server, session = server_of("--auditors=audrey", "--auditors=group:audit", "--client-certificate-groups")
    alice = session("alice")
    key = server.create(session=alice)
    grant(server, alice, key, "audrey", "get", "encrypt", "revoke", "destroy")
    for auditor in [session("audrey"), session("bob", ["audit"])]:
        assert statuses(
            server, auditor, get_attributes(key), get(key), get(key, operation="Export"), encrypt(key, b"x"),
            ttlv.revoke(key), ttlv.create()) == [200, 422, 422, 422, 422, 422]
        assert ttlv.located(server.kmip(ttlv.structure("Locate", ttlv.structure("Attributes")), session=auditor)) == [key]
        listed = auditor.get(f"{server.url}/access/list/{key}", timeout=10)
        assert (listed.status_code, [row["user_id"] for row in listed.json()]) == (200, ["audrey"])
        body = {"unique_identifier": key, "user_id": "mallory", "operation_types": ["get"]}
        assert auditor.post(f"{server.url}/access/grant", json=body, timeout=10).status_code == 401


def test_only_privileged_users_create(server_of):
    server, session = server_of("--privileged-users=alice", "--privileged-users=group:ops",
                                "--client-certificate-groups")
    alice, member, other = session("alice"), session("bob", ["ops"]), session("carol")
    assert statuses(server, alice, ttlv.create()) == [200]
    assert statuses(server, member, ttlv.create(), ttlv.import_key("mine", bytes(32))) == [200, 200]
    key = server.create(session=alice)
    grant(server, alice, key, "carol", "rekey", "encrypt")
    assert statuses(
        server, other, encrypt(key, b"x"), ttlv.create(), ttlv.import_key("hers", bytes(32)),
        ttlv.structure("ReKey", ttlv.uid(key))) == [200, 422, 422, 422]


def test_names_that_are_neither_users_nor_groups_are_refused(new_server):
    for option in ["auditors", "privileged-users"]:
        assert "neither a user nor a group" in refused(new_server(options=[f"--{option}=*"]))
        assert "neither a user nor a group" in refused(new_server(options=[f"--{option}=group:"]))
