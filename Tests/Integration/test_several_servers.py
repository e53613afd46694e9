"""Several servers on one database: what one did binds the others, on every backend."""
import concurrent.futures
import time

import pytest
import requests

import ttlv
from kmsd import Refused
from ttlv import encrypt, get, material, octets_of, revoke

CLIENTS = 4


def two_servers(database):
    return [database.server(user="alice").start() for _ in range(2)]


@pytest.mark.parametrize("servers", [2, 4])
def test_servers_that_start_together_on_nothing_make_one_schema(make, rounds, servers):
    for _ in range(rounds):
        database = make()
        together = [database.server(user=f"user-{i}") for i in range(servers)]
        for server in together:
            server.launch()
        for server in together:
            server.wait_until_ready()

        keys = [server.create() for server in together]
        for server, key in zip(together, keys):
            assert [row["object_id"] for row in server.get("/access/owned")] == [key]
        for server in together:
            assert server.stop() == 0


def test_a_revocation_on_one_server_binds_the_other_at_once(make, rounds):
    first, second = two_servers(make())
    for _ in range(10 * rounds):
        key = first.create()
        # Fills whatever the second server keeps of the key.
        sealed = second.kmip(encrypt(key, b"x"))
        second.kmip(encrypt(key, b"x"))

        first.kmip(revoke(key))

        for item in (encrypt(key, b"x"), get(key), ttlv.decrypt(
                key, octets_of(sealed, "Data"), iv=octets_of(sealed, "IvCounterNonce"),
                tag=octets_of(sealed, "AuthenticatedEncryptionTag"))):
            with pytest.raises(Refused):
                second.kmip(item)


def test_no_encryption_that_begins_after_a_revocation_succeeds(make, rounds):
    first, second = two_servers(make())
    for _ in range(rounds):
        key = first.create()
        revoked_at = []
        late = []

        def encrypt_until_refused():
            with requests.Session() as session:
                while True:
                    begun = time.monotonic()
                    try:
                        second.kmip(encrypt(key, b"x"), session=session)
                    except Refused:
                        return
                    if revoked_at and begun > revoked_at[0]:
                        late.append(begun - revoked_at[0])
                        return

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            tasks = [pool.submit(encrypt_until_refused) for _ in range(CLIENTS)]
            time.sleep(0.05)
            first.kmip(revoke(key))
            revoked_at.append(time.monotonic())
            for task in tasks:
                task.result(timeout=30)
        assert late == []


def test_a_key_that_is_replaced_on_one_server_is_replaced_on_the_other(make):
    first, second = two_servers(make())
    first.kmip(ttlv.import_key("k", bytes(32)))
    assert octets_of(second.kmip(encrypt("k", bytes(16), iv=bytes(12))), "Data").hex().startswith("cea7403d")

    first.kmip(ttlv.import_key("k", bytes(range(32)), replace=True))

    assert material(second.kmip(get("k"))) == bytes(range(32))
    assert not octets_of(second.kmip(encrypt("k", bytes(16), iv=bytes(12))), "Data").hex().startswith("cea7403d")


def test_one_identifier_is_created_once_however_many_try(make, rounds):
    servers = two_servers(make())
    for turn in range(rounds):
        def attempt(i):
            with requests.Session() as session:
                try:
                    return servers[i % 2].create(identifier=f"once-{turn}", session=session)
                except Refused as refusal:
                    return refusal.status

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(attempt, range(8)))
        assert outcomes.count(f"once-{turn}") == 1, outcomes
        assert all(o == f"once-{turn}" or o == 500 for o in outcomes), outcomes
