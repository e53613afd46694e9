"""A server of today on a driver that was built with the headers of 1.0."""
import subprocess

import pytest

import drivers
import kmsd
import ttlv


@pytest.fixture(scope="module")
def old_driver(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old-driver")
    subprocess.run(
        ["make", "-s", "-C", kmsd.ROOT / "Examples/memory-driver", f"OUT={folder}",
         f"ABI={drivers.ABI / 'v1.0/include'}", "all"], check=True)
    library = folder / "libkms-memory.so"
    library.chmod(0o644)
    return library


def test_a_driver_of_one_zero_serves(new_server, tmp_path, old_driver):
    settings = tmp_path / "kms.toml"
    settings.write_text(drivers.plugin_table(old_driver))
    server = new_server(driver=["--database-type=memory"], options=[f"--config={settings}"]).start()

    assert ' abi="1.0" ' in server.log()
    key, other = server.create(tagged=["old"]), server.create()
    sealed = server.kmip(ttlv.encrypt(key, b"hello"))
    opened = server.kmip(ttlv.decrypt(
        key, ttlv.octets_of(sealed, "Data"),
        iv=ttlv.octets_of(sealed, "IvCounterNonce"), tag=ttlv.octets_of(sealed, "AuthenticatedEncryptionTag")))
    assert ttlv.octets_of(opened, "Data") == b"hello"
    assert ttlv.located(server.kmip(ttlv.locate_tags("old"))) == [key]
    server.access("grant", key, "bob", "get", "decrypt")
    assert server.get(f"/access/list/{key}")
    server.kmip(ttlv.revoke(key))
    with pytest.raises(kmsd.Refused):
        server.kmip(ttlv.encrypt(key, b"hello"))
    server.kmip(ttlv.destroy(key, remove=True))
    assert {row["object_id"] for row in server.get("/access/owned")} == {other}
    assert server.get("/health")["database"] == "up"
    assert server.stop() == 0
