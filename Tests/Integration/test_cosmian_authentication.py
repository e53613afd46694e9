"""The published client, unchanged, with an API key and with a PKCS#12 client certificate."""
import base64

import pytest

import ttlv
from certificates import Authority
from test_cosmian_client import Client


def works(client):
    uid = client.create_symmetric_key(256, "AES")
    sealed = client.encrypt(b"hello", uid)
    opened = client.decrypt(
        bytes(sealed.data()), uid, bytes(sealed.iv_counter_nonce()), bytes(sealed.authenticated_encryption_tag()))
    assert bytes(opened) == b"hello"
    return uid


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "authority")


@pytest.fixture
def https(new_server, authority, tmp_path):
    def make(*options):
        shown = authority.server()
        return new_server(tmp_path / "server", ca=str(authority.path), options=[
            f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}", *options])

    return make


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_the_client_comes_in_with_an_api_key(new_server, https, tmp_path, secure):
    first = new_server(tmp_path / "server").start()
    first.kmip(ttlv.import_key("token", bytes(range(32))))
    first.stop()
    options = ["--api-token-id=token"]
    server = (https(*options) if secure else new_server(tmp_path / "server", options=options)).start()
    token = base64.b64encode(bytes(range(32))).decode()

    works(Client(server.url, api_key=token, insecure_mode=secure))

    for wrong in [None, token[:-2] + "x="]:
        with pytest.raises(Exception, match="(?i)unauthori|401|Bad authorization token|Request Failed"):
            Client(server.url, api_key=wrong, insecure_mode=secure).create_symmetric_key(256, "AES")


def test_the_client_comes_in_with_a_certificate(https, authority):
    server = https(f"--authority-cert-file={authority.path}").start()
    alice = authority.issue("alice")

    uid = works(Client(
        server.url, client_pkcs12_path=str(alice.p12(b"secret")), client_pkcs12_password="secret", insecure_mode=True))

    owned = server.new_session(cert=alice.pair).get(f"{server.url}/access/owned", timeout=10).json()
    assert [row["object_id"] for row in owned] == [uid]
    with pytest.raises(Exception):
        Client(server.url, insecure_mode=True).create_symmetric_key(256, "AES")
