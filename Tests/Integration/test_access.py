"""Owners, grants and what everybody else sees; two servers on one database act as two users."""
import json

import pytest

import ttlv
from kmsd import Refused
from ttlv import child, create, decrypt, destroy, encrypt, get, get_attributes, import_key, octets_of, revoke, structure, text, uid

RIGHTS = [
    "create", "certify", "decrypt", "destroy", "encrypt", "export", "get", "getattributes", "import", "locate",
    "revoke", "rekey", "validate"]


def denied(call, *arguments):
    with pytest.raises(Refused) as raised:
        call(*arguments)
    return raised.value


def outcome(server, item):
    """The status, and the beginning of the text up to the first colon."""
    try:
        server.kmip(item)
        return "done"
    except Refused as answer:
        return f"{answer.status} {answer.text.partition(':')[0]}"


def operations(key, sealed):
    """One request for each operation on a key; the last two end it."""
    return {
        "get": get(key),
        "export": get(key, operation="Export"),
        "getattributes": get_attributes(key),
        "encrypt": encrypt(key, b"x"),
        "decrypt": decrypt(
            key, octets_of(sealed, "Data"), iv=octets_of(sealed, "IvCounterNonce"),
            tag=octets_of(sealed, "AuthenticatedEncryptionTag")),
        "revoke": revoke(key),
        "destroy": destroy(key),
    }


UNSEEN = {
    "get": "422 Object_Not_Found", "export": "422 Object_Not_Found", "getattributes": "422 Object_Not_Found",
    "encrypt": "422 Item_Not_Found", "decrypt": "422 Item_Not_Found", "revoke": "422 Item_Not_Found",
    "destroy": "422 Item_Not_Found",
}
IMPLIED_BY_GET = {"get", "export", "getattributes", "encrypt", "decrypt"}


@pytest.mark.parametrize("user", ["bob", "*"])
@pytest.mark.parametrize("right", [None, *RIGHTS])
def test_a_right_allows_what_it_names_and_no_more(server, bob, user, right):
    key = server.create()
    sealed = server.kmip(encrypt(key, b"x"))
    if right is not None:
        server.access("grant", key, user, right)
    allowed = IMPLIED_BY_GET if right == "get" else {right}

    requests = operations(key, sealed)
    del requests["destroy"]
    found = {name: outcome(bob, item) for name, item in requests.items()}

    assert found == {name: "done" if name in allowed else UNSEEN[name] for name in requests}


def test_only_the_right_to_destroy_destroys(server, bob):
    for right in ["get", "revoke", "destroy"]:
        key = server.create()
        server.access("grant", key, "bob", right)
        server.kmip(revoke(key))
        assert outcome(bob, destroy(key)) == ("done" if right == "destroy" else UNSEEN["destroy"])


@pytest.mark.parametrize("request_of", [
    lambda key: structure("ReKey", uid(key)),
    lambda key: structure("SetAttribute", uid(key), structure(
        "NewAttribute", ttlv.vendor("n", b"v", vendor="acme", tag="VendorAttribute"))),
    lambda key: structure("DeleteAttribute", uid(key), structure(
        "AttributeReferences", ttlv.enum("AttributeReferences", "VendorExtension"))),
    lambda key: structure("Activate", uid(key)),
])
def test_changes_of_a_key_need_more_than_reading_it(server, bob, request_of):
    key = server.create()
    server.access("grant", key, "bob", "get", "getattributes", "encrypt", "decrypt")

    assert outcome(bob, request_of(key)).startswith("422")


def test_nobody_replaces_the_object_of_another(server, bob, unique):
    server.kmip(import_key(unique, bytes(range(32))))
    server.access("grant", unique, "bob", *RIGHTS)

    with pytest.raises(Refused):
        bob.kmip(import_key(unique, bytes(32), replace=True))

    assert ttlv.material(server.kmip(get(unique))) == bytes(range(32))
    assert unique in [row["object_id"] for row in server.get("/access/owned")]


def test_a_wrapping_key_needs_its_own_right(server, bob):
    wrapping = server.create()
    own = bob.create()
    specification = structure(
        "KeyWrappingSpecification", ttlv.enum("WrappingMethod", "Encrypt"),
        structure("EncryptionKeyInformation", uid(wrapping)))
    request = structure("Get", uid(own), specification)
    assert outcome(bob, request) == "422 Not Supported"
    assert outcome(bob, create(wrapping_key=wrapping)) == "422 Not Supported"

    server.access("grant", wrapping, "bob", "encrypt")

    assert outcome(bob, request) == "done"
    assert outcome(bob, create(wrapping_key=wrapping)) == "done"


def test_tags_lead_only_to_what_the_user_may_use(server, bob, unique):
    hidden = server.create(tagged=[unique])
    assert ttlv.located(bob.kmip(ttlv.locate_tags(unique))) == []
    assert outcome(bob, encrypt([unique], b"x")) == UNSEEN["encrypt"]
    own = bob.create(tagged=[unique])

    assert child(bob.kmip(encrypt([unique], b"x")), "UniqueIdentifier") == own
    server.access("grant", hidden, "bob", "getattributes")
    assert sorted(ttlv.located(bob.kmip(ttlv.locate_tags(unique)))) == sorted([hidden, own])
    bob.kmip(revoke([unique]))
    assert outcome(server, encrypt(hidden, b"x")) == "done"


def test_rights_do_not_leak_through_a_message(server, bob):
    key = server.create()

    answer = bob.kmip(ttlv.message(get(key), encrypt(key, b"x"), revoke(key), destroy(key)))

    assert {child(item, "ResultStatus") for item in answer["value"][1]["value"]} == {"OperationFailed"}
    assert outcome(server, get(key)) == "done"


# The endpoints


def test_a_grant_is_listed_and_goes_with_the_last_right(server, bob):
    key = server.create()

    assert server.access("grant", key, "bob", "encrypt", "decrypt") == {
        "success": "Access for bob successfully added"}
    server.access("grant", key, "bob", "encrypt", "getattributes")
    assert server.get(f"/access/list/{key}") == [
        {"user_id": "bob", "operations": ["decrypt", "encrypt", "getattributes"]}]
    rows = [row for row in bob.get("/access/obtained") if row["object_id"] == key]
    assert [(r["owner_id"], r["state"], sorted(r["operations"])) for r in rows] == [
        ("alice", "Active", ["decrypt", "encrypt", "getattributes"])]

    assert server.access("revoke", key, "bob", "encrypt", "decrypt", "getattributes", "revoke") == {
        "success": "Access for bob successfully deleted"}
    assert server.get(f"/access/list/{key}") == []
    assert [row for row in bob.get("/access/obtained") if row["object_id"] == key] == []
    assert outcome(bob, encrypt(key, b"x")) == UNSEEN["encrypt"]


def test_a_grant_to_everybody_works_and_is_not_listed_as_obtained(server, bob):
    key = server.create()
    server.access("grant", key, "*", "encrypt")

    assert outcome(bob, encrypt(key, b"x")) == "done"
    assert server.get(f"/access/list/{key}") == [{"user_id": "*", "operations": ["encrypt"]}]
    assert [row for row in bob.get("/access/obtained") if row["object_id"] == key] == []


def test_owned_lists_the_object_as_plain_json(server, bob, unique):
    key = server.create(sensitive=True, tagged=[unique])

    rows = [row for row in server.get("/access/owned") if row["object_id"] == key]

    assert len(rows) == 1 and rows[0]["state"] == "Active"
    attributes = rows[0]["attributes"]
    assert attributes["CryptographicAlgorithm"] == "AES"
    assert attributes["CryptographicLength"] == 256
    assert attributes["CryptographicUsageMask"] == 2108
    assert attributes["ObjectType"] == "SymmetricKey"
    assert attributes["Sensitive"] is True
    assert rows == [row for row in server.get("/objects/owned") if row["object_id"] == key]
    assert key not in [row["object_id"] for row in bob.get("/access/owned")]


def test_only_the_owner_manages_rights(server, bob):
    key = server.create()
    server.access("grant", key, "bob", *RIGHTS)
    for target in (key, "unknown"):
        for call in (
                lambda: bob.access("grant", target, "carol", "get"), lambda: bob.access("revoke", target, "carol", "get"),
                lambda: bob.get(f"/access/list/{target}")):
            answer = denied(call)
            assert answer.status == 401 and answer.text.startswith("Access denied: ")


@pytest.mark.parametrize("verb", ["grant", "revoke"])
def test_rights_of_the_owner_are_not_grants(server, verb):
    answer = denied(server.access, verb, server.create(), "alice", "get")

    assert answer.status == 401 and answer.text.startswith("Access denied: ")


def test_a_grant_without_an_identifier_is_refused(server):
    assert denied(server.access, "grant", None, "bob", "get").status == 422


@pytest.mark.parametrize("body", [
    "", "x", "[]", "{}", '{"unique_identifier":"k","user_id":7,"operation_types":["get"]}',
    '{"unique_identifier":"k","user_id":"bob","operation_types":"get"}',
    '{"unique_identifier":"k","user_id":"bob","operation_types":["fly"]}',
    '{"unique_identifier":"k","user_id":"bob","operation_types":["GetAttributes"]}',
])
@pytest.mark.parametrize("verb", ["grant", "revoke"])
def test_a_grant_that_is_not_one_is_a_bad_request(server, verb, body):
    assert server.post(body, path=f"/access/{verb}").status_code == 400


def test_an_identifier_in_a_path_is_percent_decoded(server, bob, unique):
    identifier = f"a b/{unique}?é"
    server.kmip(import_key(identifier, bytes(32)))
    server.access("grant", identifier, "bob", "get")

    from urllib.parse import quote
    assert server.get("/access/list/" + quote(identifier, safe="")) == [{"user_id": "bob", "operations": ["get"]}]


def test_a_revoked_right_ends_at_once_on_every_server(server, bob):
    key = server.create()
    for _ in range(20):
        server.access("grant", key, "bob", "encrypt")
        assert outcome(bob, encrypt(key, b"x")) == "done"
        server.access("revoke", key, "bob", "encrypt")
        assert outcome(bob, encrypt(key, b"x")) == UNSEEN["encrypt"]
