"""The published client, unchanged, against the server: its symmetric and object methods."""
import asyncio

import pytest
from cosmian_kms import KmsClient

import ttlv


class Client:
    """The published client with its futures awaited, one event loop for each call."""

    def __init__(self, url, **options):
        self.client = KmsClient(url, **options)

    def __getattr__(self, method):
        def call(*arguments, **named):
            async def run():
                return await getattr(self.client, method)(*arguments, **named)

            return asyncio.run(run())

        return call


@pytest.fixture
def client(server):
    return Client(server.url)


def refusal(call, *arguments):
    """What the client says of a request that the server refuses."""
    with pytest.raises(Exception) as raised:
        call(*arguments)
    said = str(raised.value)
    assert said.startswith("REST Request Failed: /kmip/2_1: "), said
    return said.removeprefix("REST Request Failed: /kmip/2_1: ")


@pytest.mark.parametrize("bits", [128, 192, 256])
def test_creates_a_key_of_the_size_asked_for(client, bits):
    uid = client.create_symmetric_key(bits, "AES")

    key = client.get_object(uid)

    assert key.object_type() == "SymmetricKey"
    assert len(key.key_block()) * 8 == bits


def test_two_keys_differ(client):
    keys = [bytes(client.get_object(client.create_symmetric_key(256)).key_block()) for _ in range(2)]

    assert keys[0] != keys[1]
    assert all(any(key) for key in keys)


@pytest.mark.parametrize("algorithm", ["AES", "ChaCha20"])
@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 64, 65_536])
def test_decrypts_what_it_encrypted(client, algorithm, size):
    uid = client.create_symmetric_key(256, algorithm)
    plaintext = bytes(i % 251 for i in range(size))

    sealed = client.encrypt(plaintext, uid)
    opened = client.decrypt(
        bytes(sealed.data()), uid, bytes(sealed.iv_counter_nonce()), bytes(sealed.authenticated_encryption_tag()))

    assert sealed.unique_identifier() == uid
    assert len(sealed.data()) == size
    assert len(sealed.iv_counter_nonce()) == 12
    assert len(sealed.authenticated_encryption_tag()) == 16
    assert bytes(opened or b"") == plaintext


def test_each_encryption_has_its_own_nonce(client):
    uid = client.create_symmetric_key(256)

    nonces = {bytes(client.encrypt(b"same", uid).iv_counter_nonce()) for _ in range(20)}

    assert len(nonces) == 20


def test_a_list_of_tags_names_a_key_in_every_method(client, unique):
    tags = [unique, "blue"]
    uid = client.create_symmetric_key(256, "AES", False, tags)

    sealed = client.encrypt(b"by tags", tags)
    opened = client.decrypt(
        bytes(sealed.data()), [unique], bytes(sealed.iv_counter_nonce()), bytes(sealed.authenticated_encryption_tag()))

    assert sealed.unique_identifier() == uid
    assert bytes(opened) == b"by tags"
    assert bytes(client.get_object(tags).key_block()) == bytes(client.get_object(uid).key_block())
    client.revoke_key("rotated", tags)
    client.destroy_key(tags)
    assert refusal(client.get_object, tags).startswith("Object_Not_Found: ")


def test_all_tags_of_the_list_must_match(client, unique):
    client.create_symmetric_key(256, "AES", False, [unique, "blue"])

    assert refusal(client.get_object, [unique, "red"]).startswith("Object_Not_Found: ")


def test_the_system_tag_of_symmetric_keys_matches(client, unique):
    uid = client.create_symmetric_key(128, "AES", False, [unique])

    assert client.encrypt(b"x", ["_kk", unique]).unique_identifier() == uid


def test_a_sensitive_key_works_and_stays_inside(client):
    uid = client.create_symmetric_key(256, "AES", True)

    sealed = client.encrypt(b"inside", uid)
    opened = client.decrypt(
        bytes(sealed.data()), uid, bytes(sealed.iv_counter_nonce()), bytes(sealed.authenticated_encryption_tag()))

    assert bytes(opened) == b"inside"
    assert refusal(client.get_object, uid).startswith("Invalid Request: ")


def test_a_key_made_under_a_wrapping_key_works_and_comes_out_wrapped(client):
    wrapping = client.create_symmetric_key(256)
    uid = client.create_symmetric_key(256, "AES", False, None, wrapping)

    sealed = client.encrypt(b"wrapped at rest", uid)
    opened = client.decrypt(
        bytes(sealed.data()), uid, bytes(sealed.iv_counter_nonce()), bytes(sealed.authenticated_encryption_tag()))

    assert bytes(opened) == b"wrapped at rest"
    # RFC 5649 adds one block of 8 bytes.
    assert len(client.get_object(uid).key_block()) == 40


def test_revoked_then_destroyed(client):
    uid = client.create_symmetric_key(256)

    assert client.revoke_key("no longer needed", uid) == uid
    assert refusal(client.get_object, uid).startswith("Object_Not_Found: ")
    assert refusal(client.encrypt, b"late", uid).startswith("Item_Not_Found: ")
    assert client.destroy_key(uid) == uid
    assert refusal(client.destroy_key, uid).startswith("Item_Not_Found: ")
    assert refusal(client.revoke_key, "again", uid).startswith("Item_Not_Found: ")


def test_an_active_key_is_not_destroyed(client):
    uid = client.create_symmetric_key(256)

    assert refusal(client.destroy_key, uid).startswith("Invalid Request: ")
    assert client.get_object(uid).object_type() == "SymmetricKey"


@pytest.mark.parametrize("call, prefix", [
    (lambda client: client.get_object("unknown"), "Object_Not_Found: "),
    (lambda client: client.encrypt(b"x", "unknown"), "Invalid Request: "),
    (lambda client: client.decrypt(b"x", "unknown", bytes(12), bytes(16)), "Item_Not_Found: "),
    (lambda client: client.revoke_key("why", "unknown"), "Item_Not_Found: "),
    (lambda client: client.destroy_key("unknown"), "Item_Not_Found: "),
    (lambda client: client.encrypt(b"x", ["no", "such", "tags"]), "Item_Not_Found: "),
    (lambda client: client.create_symmetric_key(256, "AES", False, ["_reserved"]), "Not Supported: "),
    (lambda client: client.create_symmetric_key(256, "AES", False, [""]), "Not Supported: "),
    (lambda client: client.create_symmetric_key(256, "AES", False, None, "no-such-key"), "Not Supported: "),
])
def test_errors_carry_the_prefix_that_the_client_expects(client, call, prefix):
    assert refusal(call, client).startswith(prefix)


@pytest.mark.parametrize("spoil", ["data", "nonce", "tag"])
def test_a_changed_ciphertext_is_refused(client, spoil):
    uid = client.create_symmetric_key(256)
    sealed = client.encrypt(b"whole", uid)
    parts = {
        "data": bytearray(sealed.data()), "nonce": bytearray(sealed.iv_counter_nonce()),
        "tag": bytearray(sealed.authenticated_encryption_tag())}

    parts[spoil][0] ^= 1

    said = refusal(client.decrypt, bytes(parts["data"]), uid, bytes(parts["nonce"]), bytes(parts["tag"]))
    assert said.startswith("Cryptographic error: ")


def test_decryption_without_a_nonce_is_an_invalid_request(client):
    uid = client.create_symmetric_key(256)

    assert refusal(client.decrypt, b"x", uid).startswith("Invalid Request: ")


def test_credentials_that_are_not_configured_change_nothing(server, unique):
    credulous = Client(server.url + "/", api_key="c2VjcmV0", database_secret="c2VjcmV0")

    uid = credulous.create_symmetric_key(256, "AES", False, [unique])

    assert uid in ttlv.located(server.kmip(ttlv.locate_tags(unique)))
