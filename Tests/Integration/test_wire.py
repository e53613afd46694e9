"""Requests and answers as the 4.22 dialect fixes them, byte for byte where a client could notice."""
import json
import re

import pytest

import ttlv
from kmsd import Refused
from ttlv import (
    boolean, child, create, decrypt, destroy, encrypt, enum, get, get_attributes, import_key, integer, locate,
    locate_tags, located, long_integer, material, message, octets, octets_of, revoke, structure, tags, text, uid,
    vendor, vendor_attributes)

KEY = bytes.fromhex("000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F")


def refused(server, item):
    with pytest.raises(Refused) as raised:
        server.kmip(item)
    return raised.value


def assert_refused(server, item, status, prefix):
    answer = refused(server, item)
    assert (answer.status, answer.text[:len(prefix)]) == (status, prefix), answer.text


# Form of every answer


def test_a_success_is_compact_json_with_its_members_in_order(server):
    answer = server.post(create())

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(
        r'\{"tag":"CreateResponse","type":"Structure","value":\['
        r'\{"tag":"ObjectType","type":"Enumeration","value":"SymmetricKey"\},'
        r'\{"tag":"UniqueIdentifier","type":"TextString",'
        r'"value":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}\]\}', answer.text)


def test_an_error_is_plain_text(server):
    answer = server.post(get("unknown"))

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("Object_Not_Found: ") and "unknown" in answer.text


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream", None])
def test_the_content_type_of_an_operation_is_not_looked_at(server, content_type):
    assert server.post(create(), headers={"content-type": content_type}).status_code == 200


@pytest.mark.parametrize("method, path", [
    ("GET", "/kmip/2_1"), ("PUT", "/kmip/2_1"), ("GET", "/"), ("GET", "/nothing"), ("POST", "/kmip/9_9"),
    ("GET", "/access/grant"), ("POST", "/new_database"),
])
def test_an_unknown_path_or_method_is_404_and_empty(server, method, path):
    answer = server.session.request(method, server.url + path, timeout=10)

    assert (answer.status_code, answer.content) == (404, b"")


def test_the_version_is_a_json_string(server):
    assert isinstance(server.get("/version"), str)


def test_health_answers_while_the_database_does(server):
    assert server.session.get(server.url + "/health", timeout=10).status_code == 200


# Create


@pytest.mark.parametrize("algorithm, length", [
    ("AES", 128), ("AES", 192), ("AES", 256), ("ChaCha20", 256), ("ChaCha20Poly1305", 256), ("SHA3256", 256),
    ("SHAKE128", 128), ("AES", None),
])
def test_create_makes_an_active_key_with_the_mask_of_4_22(server, algorithm, length):
    request = create(algorithm=algorithm, length=length or 256)
    attributes = request["value"][1]["value"]
    if length is None:
        attributes[:] = [a for a in attributes if a["tag"] != "CryptographicLength"]

    identifier = child(server.kmip(request), "UniqueIdentifier")

    answer = server.kmip(get_attributes(identifier))
    assert child(answer, "Attributes", "CryptographicAlgorithm") == algorithm
    assert child(answer, "Attributes", "CryptographicLength") == (length or 256)
    assert child(answer, "Attributes", "CryptographicUsageMask") == 2108
    assert len(material(server.kmip(get(identifier)))) * 8 == (length or 256)


def test_create_takes_the_identifier_that_it_is_given_once(server, unique):
    assert server.create(identifier=unique) == unique
    assert refused(server, create(identifier=unique)).status == 500


def altered(change):
    """A Create request whose attributes went through `change`."""
    request = create()
    change(request["value"][1]["value"])
    return request


def without(tag):
    return altered(lambda attributes: attributes.__setitem__(
        slice(None), [a for a in attributes if a["tag"] != tag]))


def replacing(item):
    return altered(lambda attributes: attributes.__setitem__(
        slice(None), [item if a["tag"] == item["tag"] else a for a in attributes]))


@pytest.mark.parametrize("request_item, prefix", [
    (structure("Create", create()["value"][1]), "Codec_Error: "),
    (structure("Create", create()["value"][0]), "Codec_Error: "),
    (structure("Create", enum("ObjectType", "SymmetricKey"), text("Attributes", "x")), "Codec_Error: "),
    (structure("Create", text("ObjectType", "SymmetricKey"), create()["value"][1]), "Codec_Error: "),
    (structure("Create", enum("ObjectType", "Spoon"), create()["value"][1]), "Codec_Error: "),
    (structure("Create", enum("ObjectType", "Certificate"), create()["value"][1]), "Not Supported: "),
    (replacing(enum("CryptographicAlgorithm", "RSA")), "Not Supported: "),
    (without("KeyFormatType"), "Invalid Request: "),
    (replacing(enum("KeyFormatType", "PKCS1")), "Invalid Request: "),
    (replacing(text("CryptographicLength", "256")), "Codec_Error: "),
    (replacing(enum("CryptographicAlgorithm", "0x00000003")), "Codec_Error: "),
    (replacing(text("CryptographicAlgorithm", "AES")), "Codec_Error: "),
    (replacing(integer("Sensitive", 1)), "Codec_Error: "),
    (altered(lambda attributes: attributes.append(boolean("Sensitive", True))), "Codec_Error: "),
])
def test_create_refuses(server, request_item, prefix):
    assert_refused(server, request_item, 422, prefix)


@pytest.mark.parametrize("length", [0, -8, 7, 2**31 - 1])
def test_create_refuses_a_length_that_is_no_key(server, length):
    assert 400 <= refused(server, create(length=length)).status < 600


def test_create_ignores_children_that_it_does_not_know(server):
    request = altered(lambda attributes: attributes.append(structure("Novelty", text("Colour", "red"))))

    assert server.kmip(request)["tag"] == "CreateResponse"


def test_a_mask_may_be_a_hex_string(server):
    request = altered(lambda attributes: attributes.__setitem__(
        slice(None), [integer("CryptographicUsageMask", "0x0000000C") if a["tag"] == "CryptographicUsageMask" else a
                      for a in attributes]))

    identifier = child(server.kmip(request), "UniqueIdentifier")

    assert child(server.kmip(get_attributes(identifier)), "Attributes", "CryptographicUsageMask") == 12


def test_members_may_come_in_any_order_and_a_missing_type_is_a_structure(server):
    request = create()
    request["value"][1] = {"value": request["value"][1]["value"], "tag": "Attributes"}
    request["value"][0] = {"type": "Enumeration", "value": "SymmetricKey", "tag": "ObjectType"}

    assert server.kmip(request)["tag"] == "CreateResponse"


# Get and Export


def test_get_answers_as_4_22_does(server, unique):
    server.kmip(import_key(unique, KEY))

    answer = server.kmip(get(unique))

    # The attributes inside the key value are the stored ones; their own format name may differ.
    attributes = answer["value"][2]["value"][0]["value"][1]["value"][1]
    assert attributes["tag"] == "Attributes"
    attributes["value"] = [a for a in attributes["value"] if a["tag"] != "KeyFormatType"]
    assert answer == structure(
        "GetResponse", enum("ObjectType", "SymmetricKey"), text("UniqueIdentifier", unique),
        structure("Object", structure(
            "KeyBlock", enum("KeyFormatType", "Raw"),
            structure(
                "KeyValue", structure("KeyMaterial", octets("ByteString", KEY)),
                structure(
                    "Attributes", enum("CryptographicAlgorithm", "AES"), integer("CryptographicLength", 256),
                    integer("CryptographicUsageMask", 2108), enum("ObjectType", "SymmetricKey"),
                    boolean("Sensitive", False))),
            enum("CryptographicAlgorithm", "AES"), integer("CryptographicLength", 256))))


@pytest.mark.parametrize("key_format, tag", [("Raw", "ByteString"), ("TransparentSymmetricKey", "Key")])
def test_get_gives_the_format_asked_for(server, unique, key_format, tag):
    server.kmip(import_key(unique, KEY))

    answer = server.kmip(structure("Get", uid(unique), enum("KeyFormatType", key_format)))

    assert child(answer, "Object", "KeyBlock", "KeyFormatType") == key_format
    assert child(answer, "Object", "KeyBlock", "KeyValue", "KeyMaterial") == [octets(tag, KEY)]


def test_get_refuses_a_format_that_the_object_has_not(server, unique):
    server.kmip(import_key(unique, KEY))

    assert_refused(
        server, structure("Get", uid(unique), enum("KeyFormatType", "PKCS1")), 500, "Unexpected server error: ")


def test_export_answers_as_4_22_does(server, unique):
    server.kmip(import_key(unique, KEY))

    answer = server.kmip(get(unique, operation="Export"))

    assert [c["tag"] for c in answer["value"]] == ["ObjectType", "UniqueIdentifier", "Attributes", "Object"]
    assert answer["tag"] == "ExportResponse"
    assert child(answer, "Object", "KeyBlock", "KeyFormatType") == "Raw"
    assert child(answer, "Attributes", "CryptographicLength") == 256
    assert material(answer) == KEY


@pytest.mark.parametrize("operation", ["Get", "Export"])
def test_a_sensitive_key_does_not_leave_in_the_clear(server, operation):
    identifier = server.create(sensitive=True)

    assert_refused(server, get(identifier, operation=operation), 422, "Invalid Request: ")


def wrapping(identifier, *, mode=None, aad=None):
    return structure(
        "KeyWrappingSpecification", enum("WrappingMethod", "Encrypt"),
        structure(
            "EncryptionKeyInformation", uid(identifier),
            ttlv.parameters("AES", mode) if mode else None),
        None if aad is None else structure("AttributeName", text("AttributeName", aad)),
        enum("EncodingOption", "NoEncoding"))


@pytest.mark.parametrize("operation", ["Get", "Export"])
def test_a_sensitive_key_leaves_wrapped(server, operation):
    identifier, wrapping_key = server.create(sensitive=True), server.create()

    answer = server.kmip(structure(operation, uid(identifier), wrapping(wrapping_key)))

    assert len(material(answer)) == 40
    assert child(answer, "Object", "KeyBlock", "KeyWrappingData", "WrappingMethod") == "Encrypt"


def test_wrapping_follows_rfc_5649(server, unique):
    """The example of RFC 5649, section 6: 20 bytes under a key of 24."""
    server.kmip(import_key(
        unique + "-kek", bytes.fromhex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8")))
    # Not an AES key, whose size may be checked.
    server.kmip(import_key(
        unique, bytes.fromhex("c37b7e6492584340bed12207808941155068f738"), algorithm="SHAKE128"))

    answer = server.kmip(structure("Get", uid(unique), wrapping(unique + "-kek")))

    assert material(answer).hex() == "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"


@pytest.mark.parametrize("mode, aad", [(None, None), ("GCM", None), ("GCM", "ctx-1")])
@pytest.mark.parametrize("size", [16, 24, 32])
def test_a_wrapped_key_comes_back_by_import(server, unique, mode, aad, size):
    key = bytes(range(size))
    wrapping_key = server.create(length=256)
    server.kmip(import_key(unique, key))
    wrapped = server.kmip(structure("Get", uid(unique), wrapping(wrapping_key, mode=mode, aad=aad)))
    block = [c for c in wrapped["value"] if c["tag"] == "Object"][0]
    if aad is not None:
        key_value = [c for c in block["value"][0]["value"] if c["tag"] == "KeyValue"][0]
        key_value["value"] = [key_value["value"][0], structure(
            "Attributes", boolean("Sensitive", False), vendor_attributes(vendor("aad", aad.encode())))]

    server.kmip(structure(
        "Import", uid(unique + "-back"), enum("ObjectType", "SymmetricKey"), boolean("ReplaceExisting", False),
        enum("KeyWrapType", "NotWrapped"),
        structure(
            "Attributes", enum("CryptographicAlgorithm", "AES"), integer("CryptographicLength", size * 8),
            boolean("Sensitive", False)),
        block))

    assert material(server.kmip(get(unique + "-back"))) == key


def test_a_wrapping_key_that_is_not_there_is_not_supported(server):
    identifier = server.create()

    assert_refused(
        server, structure("Get", uid(identifier), wrapping("no-such-key")), 422, "Not Supported: ")


# Import


def test_import_answers_with_the_identifier(server, unique):
    assert server.kmip(import_key(unique, KEY[:16], tagged=["imported"], mask=12)) == structure(
        "ImportResponse", text("UniqueIdentifier", unique))


def test_import_without_an_identifier_draws_one(server):
    identifier = child(server.kmip(import_key("", KEY)), "UniqueIdentifier")

    assert re.fullmatch(r"[0-9a-f-]{36}", identifier)


def test_import_replaces_only_when_told_to(server, unique):
    server.kmip(import_key(unique, KEY))
    other = bytes(reversed(KEY))

    assert refused(server, import_key(unique, other)).status == 500
    assert material(server.kmip(get(unique))) == KEY
    server.kmip(import_key(unique, other, replace=True))
    assert material(server.kmip(get(unique))) == other


def test_import_refuses_the_form_of_a_tag_query_as_identifier(server):
    assert refused(server, import_key('["a"]', KEY)).status == 500


def test_import_is_closed_to_unknown_children(server, unique):
    request = import_key(unique, KEY)
    request["value"].append(text("Novelty", "x"))

    assert_refused(server, request, 422, "Codec_Error: ")


def test_import_takes_secret_data_and_gives_it_back(server, unique):
    server.kmip(structure(
        "Import", uid(unique), enum("ObjectType", "SecretData"), boolean("ReplaceExisting", False),
        structure("Attributes", boolean("Sensitive", False)),
        structure(
            "Object", enum("SecretDataType", "Password"),
            structure(
                "KeyBlock", enum("KeyFormatType", "Raw"),
                structure("KeyValue", structure("KeyMaterial", octets("ByteString", b"correct horse")))))))

    answer = server.kmip(get(unique))

    assert child(answer, "ObjectType") == "SecretData"
    assert octets_of(answer, "Object", "KeyBlock", "KeyValue", "KeyMaterial", "ByteString") == b"correct horse"


# Locate


def test_locate_counts_and_nests_what_it_finds(server, unique):
    keys = [server.create(tagged=[unique, f"n{i}"]) for i in range(2)]

    answer = server.kmip(locate_tags(unique))

    assert [c["tag"] for c in answer["value"]] == ["LocatedItems", "UniqueIdentifier"]
    assert sorted(located(answer)) == sorted(keys)
    assert located(server.kmip(locate_tags(unique, "n1"))) == [keys[1]]


def test_locate_leaves_the_list_out_when_it_is_empty(server, unique):
    assert server.kmip(locate_tags(unique)) == structure("LocateResponse", integer("LocatedItems", 0))


@pytest.mark.parametrize("filters, matches", [
    ([enum("CryptographicAlgorithm", "AES")], True),
    ([enum("CryptographicAlgorithm", "ChaCha20")], False),
    ([integer("CryptographicLength", 128)], True),
    ([integer("CryptographicLength", 256)], False),
    ([enum("ObjectType", "SymmetricKey"), enum("KeyFormatType", "TransparentSymmetricKey")], True),
    ([enum("KeyFormatType", "Raw")], False),
    ([boolean("Sensitive", True)], True),
])
def test_locate_needs_every_filter_to_match(server, unique, filters, matches):
    key = server.create(length=128, tagged=[unique])

    found = located(server.kmip(locate(*filters, vendor_attributes(tags(unique)))))

    assert found == ([key] if matches else [])


def test_locate_finds_active_objects_only(server, unique):
    kept, revoked = (server.create(tagged=[unique]) for _ in range(2))
    server.kmip(revoke(revoked))

    assert located(server.kmip(locate_tags(unique))) == [kept]


@pytest.mark.parametrize("tag", ["' OR 1=1 --", '"', "\\", "\u0001", "%", "_ ", "é\U0001F511", "a" * 200])
def test_a_tag_is_data_whatever_it_holds(server, unique, tag):
    name = unique + tag
    key = server.create(tagged=[name])

    assert located(server.kmip(locate_tags(name))) == [key]
    assert located(server.kmip(locate_tags(unique))) == []


@pytest.mark.parametrize("value", [b"", b"x", b'"a"', b"{}", b'["a"', b"[1]", b'["a\\u0000"]', b"\xff"])
@pytest.mark.parametrize("request_of", [
    lambda tag: locate(vendor_attributes(tag)),
    lambda tag: altered(lambda attributes: attributes.__setitem__(-1, vendor_attributes(tag))),
])
def test_what_does_not_read_as_tags_is_refused(server, request_of, value):
    """Taken for no tags it would find everything."""
    assert_refused(server, request_of(vendor("tag", value)), 422, "Not Supported: ")


# Encrypt and Decrypt


def test_encrypt_and_decrypt_answer_as_4_22_do(server):
    identifier = server.create()

    sealed = server.kmip(encrypt(identifier, b"hello"))
    opened = server.kmip(decrypt(
        identifier, octets_of(sealed, "Data"), iv=octets_of(sealed, "IvCounterNonce"),
        tag=octets_of(sealed, "AuthenticatedEncryptionTag")))

    assert sealed["tag"] == "EncryptResponse"
    assert [(c["tag"], c["type"]) for c in sealed["value"]] == [
        ("UniqueIdentifier", "TextString"), ("Data", "ByteString"), ("IvCounterNonce", "ByteString"),
        ("AuthenticatedEncryptionTag", "ByteString")]
    assert all(c["value"] == c["value"].upper() for c in sealed["value"][1:])
    assert opened == structure(
        "DecryptResponse", text("UniqueIdentifier", identifier), octets("Data", b"hello"))


def test_aes_256_gcm_follows_its_specification(server, unique):
    """Test case 14 of the GCM specification (McGrew, Viega)."""
    server.kmip(import_key(unique, bytes(32)))

    sealed = server.kmip(encrypt(unique, bytes(16), iv=bytes(12)))

    assert octets_of(sealed, "IvCounterNonce") == bytes(12)
    assert octets_of(sealed, "Data").hex() == "cea7403d4d606b6e074ec5d3baf39d18"
    assert octets_of(sealed, "AuthenticatedEncryptionTag").hex() == "d0d1c8a799996bf0265b98b5d48ab919"


def test_aes_256_gcm_siv_follows_rfc_8452(server, unique):
    """RFC 8452, appendix C.2, the case with 8 bytes of plaintext and no additional data."""
    server.kmip(import_key(unique, bytes.fromhex("01" + "00" * 31)))

    sealed = server.kmip(encrypt(
        unique, bytes.fromhex("0100000000000000"), mode="GCMSIV", iv=bytes.fromhex("030000000000000000000000")))

    found = octets_of(sealed, "Data") + octets_of(sealed, "AuthenticatedEncryptionTag")
    assert found.hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"


def test_chacha20_poly1305_follows_rfc_8439(server, unique):
    """RFC 8439, section 2.8.2."""
    key = bytes(range(0x80, 0xA0))
    plaintext = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it.")
    server.kmip(import_key(unique, key, algorithm="ChaCha20"))

    sealed = server.kmip(encrypt(
        unique, plaintext, iv=bytes.fromhex("070000004041424344454647"),
        aad=bytes.fromhex("50515253c0c1c2c3c4c5c6c7")))

    assert octets_of(sealed, "AuthenticatedEncryptionTag").hex() == "1ae10b594f09e26a7e902ecbd0600691"


@pytest.mark.parametrize("algorithm, mode, length, sizes", [
    ("AES", "GCM", 128, (0, 64)), ("AES", "GCM", 192, (64,)), ("AES", "GCM", 256, (64,)), ("AES", "AEAD", 256, (64,)),
    ("AES", "GCMSIV", 128, (0, 64)), ("AES", "GCMSIV", 256, (64,)), ("AES", "XTS", 256, (16, 17, 64)),
    ("AES", "XTS", 512, (64,)), ("AES", "NISTKeyWrap", 128, (16,)), ("AES", "NISTKeyWrap", 256, (1, 32)),
    ("ChaCha20", None, 256, (0, 64)), ("ChaCha20Poly1305", None, 256, (64,)),
])
def test_every_cipher_opens_what_it_sealed(server, algorithm, mode, length, sizes):
    identifier = server.create(algorithm=algorithm, length=length)
    for size in sizes:
        plaintext = bytes(range(size))

        sealed = server.kmip(encrypt(identifier, plaintext, mode=mode, algorithm=algorithm))
        iv, tag = octets_of(sealed, "IvCounterNonce"), octets_of(sealed, "AuthenticatedEncryptionTag")
        opened = server.kmip(decrypt(
            identifier, octets_of(sealed, "Data"), mode=mode, algorithm=algorithm, iv=iv, tag=tag))

        assert octets_of(opened, "Data") == plaintext
        expected = {"XTS": (16, 0), "NISTKeyWrap": (0, 0)}.get(mode, (12, 16))
        assert (len(iv), len(tag)) == expected


def test_additional_data_is_authenticated(server):
    identifier = server.create()
    sealed = server.kmip(encrypt(identifier, b"x", aad=b"context"))
    parts = dict(iv=octets_of(sealed, "IvCounterNonce"), tag=octets_of(sealed, "AuthenticatedEncryptionTag"))
    data = octets_of(sealed, "Data")

    assert octets_of(server.kmip(decrypt(identifier, data, aad=b"context", **parts)), "Data") == b"x"
    assert_refused(server, decrypt(identifier, data, aad=b"other", **parts), 500, "Cryptographic error: ")
    assert_refused(server, decrypt(identifier, data, **parts), 500, "Cryptographic error: ")


def packed(items):
    def leb128(value):
        out = bytearray()
        while True:
            value, low = value >> 7, value & 0x7F
            out.append(low | (0x80 if value else 0))
            if not value:
                return bytes(out)

    return b"\x87\x87" + leb128(len(items)) + b"".join(leb128(len(i)) + i for i in items)


def unpacked(data):
    assert data[:2] == b"\x87\x87"
    at, items = 2, []

    def leb128():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7

    for _ in range(leb128()):
        size = leb128()
        items.append(data[at:at + size])
        at += size
    assert at == len(data)
    return items


@pytest.mark.parametrize("aad", [None, b"context"])
def test_a_packed_list_is_encrypted_item_by_item(server, aad):
    identifier = server.create()
    items = [b"", b"one", bytes(200)]

    sealed = server.kmip(encrypt(identifier, packed(items), aad=aad))
    opened = server.kmip(decrypt(identifier, octets_of(sealed, "Data"), iv=b"", aad=aad))

    assert child(sealed, "IvCounterNonce") is None and child(sealed, "AuthenticatedEncryptionTag") is None
    assert [len(i) for i in unpacked(octets_of(sealed, "Data"))] == [28 + len(i) for i in items]
    assert unpacked(octets_of(opened, "Data")) == items
    if aad is not None:
        assert_refused(
            server, decrypt(identifier, octets_of(sealed, "Data"), iv=b""), 500, "Cryptographic error: ")


def test_bytes_that_only_begin_like_a_packed_list_are_a_plaintext(server):
    identifier = server.create()
    plaintext = b"\x87\x87\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

    sealed = server.kmip(encrypt(identifier, plaintext))
    opened = server.kmip(decrypt(
        identifier, octets_of(sealed, "Data"), iv=octets_of(sealed, "IvCounterNonce"),
        tag=octets_of(sealed, "AuthenticatedEncryptionTag")))

    assert octets_of(opened, "Data") == plaintext


@pytest.mark.parametrize("mask, operation, works", [
    (0x4, "Encrypt", True), (0x8, "Encrypt", False), (0x200000, "Encrypt", True), (0x8, "Decrypt", True),
    (0x4, "Decrypt", False),
])
def test_the_usage_mask_decides(server, unique, mask, operation, works):
    server.kmip(import_key(unique, KEY, mask=mask))
    request = encrypt(unique, b"x") if operation == "Encrypt" else decrypt(unique, b"x", iv=bytes(12), tag=bytes(16))

    if works and operation == "Encrypt":
        assert server.kmip(request)["tag"] == "EncryptResponse"
    elif works:
        assert_refused(server, request, 500, "Cryptographic error: ")
    else:
        assert refused(server, request).status == 422


@pytest.mark.parametrize("request_of, status, prefix", [
    (lambda key: structure("Encrypt", uid(key)), 422, "Invalid Request: "),
    (lambda key: encrypt(key, b"x", mode="CBC"), 500, "Cryptographic error: "),
    (lambda key: encrypt(key, b"x", iv=bytes(11)), 500, "Cryptographic error: "),
    (lambda key: encrypt(key, b"x", mode="XTS"), 500, "Cryptographic error: "),
    (lambda key: decrypt(key, b"x"), 422, "Invalid Request: "),
    (lambda key: decrypt(key, b"x", iv=bytes(12)), 500, "Cryptographic error: "),
    (lambda key: decrypt(key, b"x", iv=bytes(12), tag=bytes(15)), 500, "Cryptographic error: "),
    (lambda key: decrypt("unknown", b"x", iv=bytes(12)), 422, "Item_Not_Found: "),
    (lambda key: encrypt("unknown", b"x"), 422, "Invalid Request: "),
    (lambda key: encrypt(["no", "such"], b"x"), 422, "Item_Not_Found: "),
    (lambda key: structure("Encrypt", octets("Data", b"x")), 422, ""),
    (lambda key: structure("Encrypt", uid(key), text("Data", "78")), 422, "Codec_Error: "),
])
def test_encrypt_and_decrypt_refuse(server, request_of, status, prefix):
    assert_refused(server, request_of(server.create()), status, prefix)


# Attributes


def test_attributes_come_with_all_tags(server, unique):
    key = server.create(tagged=[unique])

    answer = server.kmip(get_attributes(key))

    triples = child(answer, "Attributes", "VendorAttributes")
    assert [c["tag"] for c in triples] == ["VendorAttributes"]
    assert sorted(json.loads(octets_of(triples[0], "AttributeValue"))) == sorted(["_kk", unique])
    assert child(answer, "Attributes", "KeyFormatType") == "TransparentSymmetricKey"
    assert child(answer, "Attributes", "ObjectType") == "SymmetricKey"


def test_only_the_attributes_asked_for_come_back(server):
    answer = server.kmip(get_attributes(server.create(), enum("AttributeReferences", "CryptographicLength")))

    assert [c["tag"] for c in child(answer, "Attributes")] == ["CryptographicLength", "ObjectType", "Sensitive"]


def custom(value, tag="VendorAttribute", name="cost-centre"):
    return vendor(name, value, vendor="acme", tag=tag)


def vendor_values(server, key):
    answer = server.kmip(get_attributes(key))
    return {
        child(t, "AttributeName"): octets_of(t, "AttributeValue")
        for t in child(answer, "Attributes", "VendorAttributes")}


def test_a_vendor_attribute_is_set_replaced_and_deleted_alone(server, unique):
    key = server.create(tagged=[unique])
    for value in (b"41", b"42"):
        assert server.kmip(structure(
            "SetAttribute", uid(key), structure("NewAttribute", custom(value)))) == structure(
                "SetAttributeResponse", text("UniqueIdentifier", key))
    server.kmip(structure("SetAttribute", uid(key), structure("NewAttribute", custom(b"x", name="other"))))
    assert vendor_values(server, key)["cost-centre"] == b"42"

    answer = server.kmip(structure(
        "DeleteAttribute", uid(key), structure(
            "AttributeReferences", structure(
                "AttributeReferences", text("VendorIdentification", "acme"), text("AttributeName", "cost-centre")))))

    assert answer == structure("DeleteAttributeResponse", text("UniqueIdentifier", key))
    assert sorted(vendor_values(server, key)) == ["other", "tag"]


def test_setting_no_attribute_is_refused(server):
    assert refused(server, structure("SetAttribute", uid(server.create()), structure("NewAttribute"))).status == 422


def test_deleting_an_attribute_with_another_value_changes_nothing(server):
    key = server.create()
    server.kmip(structure(
        "DeleteAttribute", uid(key), structure("CurrentAttribute", integer("CryptographicLength", 128))))

    assert child(server.kmip(get_attributes(key)), "Attributes", "CryptographicLength") == 256


# Life of a key


def test_rekey_makes_a_linked_key_and_the_old_one_still_decrypts(server, unique):
    old = server.create(tagged=[unique])
    sealed = server.kmip(encrypt(old, b"before"))

    new = child(server.kmip(structure("ReKey", uid(old))), "UniqueIdentifier")

    opened = server.kmip(decrypt(
        old, octets_of(sealed, "Data"), iv=octets_of(sealed, "IvCounterNonce"),
        tag=octets_of(sealed, "AuthenticatedEncryptionTag")))
    assert octets_of(opened, "Data") == b"before"
    assert new != old
    assert material(server.kmip(get(new))) != material(server.kmip(get(old)))

    def links(key):
        answer = server.kmip(get_attributes(key, enum("AttributeReferences", "LinkType")))
        return {child(link, "LinkType"): child(link, "LinkedObjectIdentifier")
                for link in child(answer, "Attributes", "Link")}

    assert links(old)["ReplacementObjectLink"] == new
    assert links(new)["ReplacedObjectLink"] == old


def test_a_key_with_a_future_activation_date_is_not_active_before_it_is_activated(server):
    key = server.create(activation=4_102_444_800)
    assert refused(server, encrypt(key, b"early")).text.startswith("Item_Not_Found: ")

    assert server.kmip(structure("Activate", uid(key))) == structure(
        "ActivateResponse", text("UniqueIdentifier", key))

    assert server.kmip(encrypt(key, b"now"))["tag"] == "EncryptResponse"


def owned(server, key):
    return [row for row in server.get("/access/owned") if row["object_id"] == key]


@pytest.mark.parametrize("reason, state, destroyed", [
    (text("RevocationReason", "because"), "Deactivated", "Destroyed"),
    (enum("RevocationReason", "Superseded"), "Deactivated", "Destroyed"),
    (enum("RevocationReason", "KeyCompromise"), "Compromised", "Destroyed_Compromised"),
    (text("RevocationReason", "CACompromise"), "Compromised", "Destroyed_Compromised"),
])
def test_revoke_then_destroy_pass_through_the_states(server, reason, state, destroyed):
    key = server.create()
    date = long_integer("CompromiseOccurrenceDate", 1) if state == "Compromised" else None

    server.kmip(structure("Revoke", uid(key), reason, date))
    assert owned(server, key)[0]["state"] == state
    server.kmip(destroy(key))

    assert owned(server, key)[0]["state"] == destroyed
    export = server.kmip(get(key, operation="Export"))
    assert child(export, "Object", "KeyBlock", "KeyFormatType") == "Opaque"
    assert octets_of(export, "Object", "KeyBlock", "KeyValue", "KeyMaterial", "ByteString") == b""


def test_a_compromise_needs_its_date(server):
    key = server.create()

    assert_refused(
        server, structure("Revoke", uid(key), enum("RevocationReason", "KeyCompromise")), 422, "Invalid Request: ")
    assert owned(server, key)[0]["state"] == "Active"


def test_destroy_with_remove_leaves_nothing(server, unique):
    key = server.create(tagged=[unique])
    server.kmip(revoke(key))

    server.kmip(destroy(key, remove=True))

    assert owned(server, key) == []
    assert refused(server, get(key, operation="Export")).text.startswith("Object_Not_Found: ")


@pytest.mark.parametrize("remove", [False, True])
def test_an_active_key_must_be_revoked_before_it_is_destroyed(server, remove):
    key = server.create()

    assert_refused(server, destroy(key, remove), 422, "Invalid Request: ")
    assert owned(server, key)[0]["state"] == "Active"


def test_revoke_by_tags_echoes_the_query_and_takes_all(server, unique):
    keys = [server.create(tagged=[unique]) for _ in range(3)]

    answer = server.kmip(revoke([unique]))

    assert child(answer, "UniqueIdentifier") == json.dumps([unique])
    assert [owned(server, key)[0]["state"] for key in keys] == ["Deactivated"] * 3


@pytest.mark.parametrize("request_of", [
    get, lambda u: get(u, operation="Export"), lambda u: encrypt(u, b"x"), revoke, destroy, get_attributes,
])
@pytest.mark.parametrize("identifier", ["hsm::0::key", "other::x", "::", "[", '["a"', "[1]", "", "\u0001", "x" * 5_000])
def test_a_strange_identifier_is_an_error_and_no_more(server, request_of, identifier):
    answer = refused(server, request_of(identifier))

    assert 400 <= answer.status <= 500
    assert len(answer.text) < 8_192


# Message


def test_a_message_answers_as_4_22_does(server, unique):
    answer = server.kmip(message(get("key-" + unique), locate_tags(unique)))

    header = answer["value"][0]
    timestamp = header["value"].pop(1)
    assert timestamp["tag"] == "Timestamp" and re.fullmatch("0x[0-9A-F]{16}", timestamp["value"])
    reply = answer["value"][1]["value"][0]["value"].pop()
    assert reply["tag"] == "ResultMessage" and unique in reply["value"]
    assert answer == structure(
        "Message",
        structure(
            "Header",
            structure("ProtocolVersion", integer("ProtocolVersionMajor", 2), integer("ProtocolVersionMinor", 1)),
            integer("BatchCount", 2)),
        structure(
            "Items",
            structure(
                "Items", enum("Operation", "Get"), enum("ResultStatus", "OperationFailed"),
                enum("ResultReason", "Object_Not_Found")),
            structure(
                "Items", enum("Operation", "Locate"), enum("ResultStatus", "Success"),
                structure("ResponsePayload", integer("LocatedItems", 0)))))


def test_items_of_a_message_are_carried_out_in_order_and_alone(server, unique):
    answer = server.kmip(message(
        create(identifier=unique, tagged=[unique]), create(identifier=unique), encrypt(unique, b"x"), revoke(unique),
        encrypt(unique, b"x")))

    results = [child(item, "ResultStatus") for item in answer["value"][1]["value"]]
    assert results == ["Success", "OperationFailed", "Success", "Success", "OperationFailed"]


def test_a_message_echoes_the_identifiers_of_its_items(server):
    request = message(locate_tags("none"))
    request["value"][1]["value"][0]["value"].insert(1, integer("UniqueBatchItemId", 7))

    answer = server.kmip(request)

    assert child(answer["value"][1]["value"][0], "UniqueBatchItemId") == 7


def test_an_unknown_operation_fails_the_whole_message_before_any_item(server, unique):
    unknown = {**get("x"), "tag": "Frobnicate"}

    assert_refused(server, message(create(identifier=unique), unknown), 422, "Codec_Error: ")
    assert owned(server, unique) == []


def test_a_thousand_items_are_one_message(server):
    key = server.create()

    answer = server.kmip(message(*(encrypt(key, bytes([i % 256])) for i in range(1_000))))

    statuses = {child(item, "ResultStatus") for item in answer["value"][1]["value"]}
    assert (len(answer["value"][1]["value"]), statuses) == (1_000, {"Success"})


# What is not the protocol


def test_an_unknown_operation_is_404(server):
    assert_refused(server, structure("Frobnicate"), 404, "Not Supported route: Operation: Frobnicate")


VALID = ttlv.dumps(create())

NOT_TTLV = [
    "", " ", "null", "true", "1", '"x"', "[]", "{}", "{", "[", "}", "\u00ff", "{]",
    '{"tag":"Create"}',
    '{"tag":"Create","type":"Structure"}',
    '{"tag":"Create","type":"Structure","value":null}',
    '{"tag":"Create","type":"Structure","value":{}}',
    '{"tag":"Create","type":"Structure","value":[1]}',
    '{"tag":"Create","type":"Structure","value":[null]}',
    '{"tag":"Create","type":"Spoon","value":[]}',
    '{"tag":7,"type":"Structure","value":[]}',
    '{"tag":"Create","type":"Structure","value":[],"more":1}',
    '{"tag":"Create","type":"Structure","value":[],"value":[]}',
    '{"tag":"Create","tag":"Create","type":"Structure","value":[]}',
    VALID + "x", VALID + VALID, "\ufeff" + VALID,
    VALID.replace("256", "1e400"), VALID.replace("256", "2147483648"), VALID.replace("256", "25.5"),
    VALID.replace("256", "0256"), VALID.replace("256", "+256"), VALID.replace("256", "NaN"),
    VALID.replace("256", '"0x123"'), VALID.replace("256", '"0xGGGGGGGG"'),
    VALID.replace("false", "0"), VALID.replace("false", "null"),
    VALID.replace('"AES"', '"\\ud800"'), VALID.replace('"AES"', '"\\x41"'), VALID.replace('"AES"', '"A\nES"'),
    VALID.replace('"5B5D"', '"5B5"'), VALID.replace('"5B5D"', '"0x5B5D"'), VALID.replace('"5B5D"', '"5B5Z"'),
    VALID.replace('"5B5D"', "[91,93]"), VALID.replace('"ByteString"', '"LongInteger"'),
]


@pytest.mark.parametrize("body", NOT_TTLV)
def test_what_is_not_ttlv_is_an_invalid_request(server, body):
    answer = server.post(body)

    assert answer.status_code == 422, answer.text
    assert answer.text.startswith(("Invalid Request: ", "Codec_Error: "))


@pytest.mark.parametrize("body", [b"\xff\xfe", VALID.encode().replace(b"AES", b"\xc3\x28"), b"\x00" * 64, b"\xc0\xaf" + VALID.encode()])
def test_bytes_that_are_not_utf8_are_an_invalid_request(server, body):
    answer = server.post(body)

    assert answer.status_code == 422, answer.text
    assert answer.text.startswith(("Invalid Request: ", "Codec_Error: "))


def test_no_beginning_of_a_request_is_taken_for_one(server, unique):
    body = ttlv.dumps(create(identifier=unique))
    for end in range(0, len(body), 7):
        assert server.post(body[:end]).status_code == 422, body[:end]
    assert owned(server, unique) == []


@pytest.mark.parametrize("opening", ["[", '{"tag":"Create","value":[', '{"tag":"Attributes","type":"Structure","value":[', '{"value":'])
@pytest.mark.parametrize("depth", [40, 1_000, 100_000])
def test_depth_has_a_limit(server, opening, depth):
    answer = server.post(opening * depth)

    assert answer.status_code in (413, 422)


def test_depth_has_a_limit_in_what_would_be_ignored(server):
    level = '{"tag":"Novelty","type":"Structure","value":['
    body = VALID.replace('{"tag":"CryptographicAlgorithm"', level * 5_000 + "]}" * 5_000 + ',{"tag":"CryptographicAlgorithm"')

    assert server.post(body).status_code == 422


def test_an_enormous_body_is_refused_before_it_is_sent(server):
    import socket
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            b"POST /kmip/2_1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 10000000000\r\n\r\n{")
        answer = connection.recv(4_096)

    assert answer.split(b" ")[1] == b"413"


@pytest.mark.parametrize("head", [
    b"GARBAGE\r\n\r\n",
    b"POST /kmip/2_1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /kmip/2_1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST /kmip/2_1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /kmip/2_1 HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
])
def test_what_is_not_http_does_not_disturb_others(server, head):
    import socket
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        try:
            connection.sendall(head)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(4_096)
        except OSError:  # the server may close at any of them; shutdown then finds nothing connected
            pass

    assert isinstance(server.get("/version"), str)


# Pages of other origins


@pytest.mark.parametrize("path", ["/kmip/2_1", "/access/grant", "/access/owned", "/version"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost:1"])
def test_a_request_of_a_foreign_page_is_refused(server, path, origin):
    method = "POST" if path in ("/kmip/2_1", "/access/grant") else "GET"
    answer = server.session.request(
        method, server.url + path, data=VALID if method == "POST" else None, headers={"Origin": origin}, timeout=10)

    assert answer.status_code == 403
    assert not any(name.lower().startswith("access-control-") for name in answer.headers)


def test_a_preflight_of_a_foreign_page_gets_no_permission(server):
    answer = server.session.options(
        server.url + "/kmip/2_1", headers={
            "Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, timeout=10)

    assert answer.status_code in (403, 404, 405)
    assert not any(name.lower().startswith("access-control-") for name in answer.headers)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:9998", "127.0.0.1.evil.example"])
def test_a_request_for_another_host_is_refused(server, host):
    """Else a name that an attacker points at 127.0.0.1 would make any page a local one."""
    assert server.post(create(), headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "127.0.0.1", "localhost"])
def test_a_request_for_this_host_is_served(server, host):
    assert server.post(create(), headers={"Host": host.format(port=server.port)}).status_code == 200


def test_no_answer_carries_cors_headers(server):
    for answer in (server.post(create()), server.session.get(server.url + "/version", timeout=10)):
        assert not any(name.lower().startswith("access-control-") for name in answer.headers)
