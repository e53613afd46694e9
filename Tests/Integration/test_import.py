"""`kmsd db import`: databases of Cosmian KMS 4.12 to 4.22 become ours."""
import json
import re

import pytest

import cosmian
import databases
import ttlv
from cosmian import attributes, symmetric
from databases import check
from kmsd import Refused
from ttlv import decrypt, encrypt, get, material, octets_of

KEY = bytes(range(32))


@pytest.fixture
def source(tmp_path):
    return cosmian.Database(tmp_path / "cosmian")


def run(database, source, *more, status=0, to="folder"):
    done = database.command("db", "import", "--from", f"sqlite:{getattr(source, to)}", *more)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def counts(report, what):
    """(read, imported, there already, not imported)"""
    line = next(line for line in report.splitlines() if line.startswith(what + ":"))
    return tuple(int(number) for number in re.findall(r"\d+", line))


def located(server, *tags):
    return sorted(ttlv.located(server.kmip(ttlv.locate_tags(*tags))))


# What is taken over


def test_keys_come_with_owner_state_tags_and_permissions(make, source):
    source.add("google_cse", "SymmetricKey", symmetric(KEY), attributes(), owner="alice@example.org",
               tags=["_kk", "prod", "été"], grants={"bob": ["get", "encrypt"], "*": ["decrypt"]})
    source.add("k2", "SymmetricKey", symmetric(bytes(16)), attributes(128), owner="Alice@example.org", tags=["_kk"])
    database = make()

    report = run(database, source)

    assert counts(report, "objects") == (2, 2, 0, 0)
    assert counts(report, "permissions") == (2, 2, 0, 0)
    alice = database.server(user="alice@example.org").start()
    assert material(alice.kmip(get("google_cse"))) == KEY
    sealed = alice.kmip(encrypt("google_cse", bytes(16), iv=bytes(12)))
    assert octets_of(sealed, "Data").hex() == octets_of(
        database.server(user="bob").start().kmip(encrypt("google_cse", bytes(16), iv=bytes(12))), "Data").hex()
    assert located(alice, "prod") == located(alice, "été") == located(alice, "_kk") == ["google_cse"]
    granted = {row["user_id"]: sorted(row["operations"]) for row in alice.get("/access/list/google_cse")}
    assert granted == {"bob": ["encrypt", "get"], "*": ["decrypt"]}
    owned = alice.get("/access/owned")
    assert [(row["object_id"], row["state"]) for row in owned] == [("google_cse", "Active")]
    assert owned[0]["attributes"]["CryptographicUsageMask"] == 2108
    # Names that differ in case only are different users.
    assert [row["object_id"] for row in database.server(user="Alice@example.org").start().get("/access/owned")] == ["k2"]


def test_states_are_kept(make, source):
    states = ["PreActive", "Active", "Deactivated", "Compromised", "Destroyed", "Destroyed_Compromised"]
    for state in states:
        key = b"" if state.startswith("Destroyed") else KEY
        source.add(state, "SymmetricKey", symmetric(key), attributes(), state=state)
    database = make()

    assert counts(run(database, source), "objects") == (6, 6, 0, 0)

    server = database.server(user="alice").start()
    assert {row["object_id"]: row["state"] for row in server.get("/access/owned")} == {s: s for s in states}
    assert server.kmip(encrypt("Active", b"x"))
    for state in states:
        if state != "Active":
            with pytest.raises(Refused):
                server.kmip(encrypt(state, b"x"))


def test_wrapped_keys_stay_wrapped_and_work(make, source):
    made = make()
    server = made.server(user="alice").start()
    server.kmip(ttlv.import_key("kek", KEY))
    server.create(identifier="wrapped", wrapping_key="kek")
    sealed = server.kmip(encrypt("wrapped", b"secret"))
    [shown] = ttlv.children(server.kmip(get("wrapped")), "Object")
    [block] = ttlv.children(shown, "KeyBlock")
    source.add("kek", "SymmetricKey", symmetric(KEY), attributes())
    source.add("wrapped", "SymmetricKey", {"KeyBlock": cosmian.plain(block)}, attributes())
    database = make()

    assert counts(run(database, source), "objects") == (2, 2, 0, 0)

    opened = database.server(user="alice").start().kmip(decrypt(
        "wrapped", octets_of(sealed, "Data"), iv=octets_of(sealed, "IvCounterNonce"),
        tag=octets_of(sealed, "AuthenticatedEncryptionTag")))
    assert octets_of(opened, "Data") == b"secret"


def test_secret_data_and_opaque_objects_come_too(make, source):
    raw = {"KeyFormatType": "Raw", "KeyValue": {"KeyMaterial": {"ByteString": [1, 2, 3]}}}
    source.add("password", "SecretData", {"SecretDataType": "Password", "KeyBlock": raw}, {"ObjectType": "SecretData"})
    source.add("blob", "OpaqueObject", {"opaque_data_type": "Unknown", "opaque_data_value": [9, 8]},
               {"ObjectType": "OpaqueObject"})
    database = make()

    assert counts(run(database, source), "objects") == (2, 2, 0, 0)

    server = database.server(user="alice").start()
    assert material(server.kmip(get("password"))) == bytes([1, 2, 3])
    assert octets_of(server.kmip(get("blob")), "Object", "opaque_data_value") == bytes([9, 8])


def test_a_file_of_4_12_has_its_attributes_in_the_key(make, tmp_path):
    source = cosmian.Database(tmp_path / "old", version="4.12.0")
    source.add("k", "SymmetricKey", symmetric(KEY, attributes=attributes(Link=[
        {"LinkType": "ReplacedObjectLink", "LinkedObjectIdentifier": "older"}])), tags=["t"])
    database = make()

    run(database, source)

    row = database.server(user="alice").start().get("/access/owned")[0]
    assert row["attributes"]["CryptographicUsageMask"] == 2108
    assert row["attributes"]["Link"][0]["LinkedObjectIdentifier"] == "older"


def test_members_may_stand_in_any_order_and_vendor_attributes_stay(make, source):
    vendor = [{"VendorIdentification": "acme", "AttributeName": "colour", "AttributeValue": [1, 2]}]
    source.add("k", None, None, attributes(VendorAttributes=vendor),
               text=json.dumps({"object": symmetric(KEY), "object_type": "SymmetricKey"}))
    database = make()

    run(database, source)

    server = database.server(user="alice").start()
    assert material(server.kmip(get("k"))) == KEY
    assert server.get("/access/owned")[0]["attributes"]["VendorAttributes"] == vendor


def test_permissions_on_keys_in_an_hsm_come_without_an_object(make, source):
    source.grant("hsm::0::k", "bob", "encrypt", "decrypt")
    database = make()

    report = run(database, source)

    assert counts(report, "permissions") == (1, 1, 0, 0)
    assert database.run("SELECT grantee, uid, rights FROM grants") == [("bob", "hsm::0::k", 4 + 16)]


def test_many_objects_and_many_permissions_come_in_pages(make, source):
    for number in range(230):
        source.add(f"k{number:03}", "SymmetricKey", symmetric(bytes([number]) * 32), attributes(), tags=["all"])
    for number in range(250):
        source.grant("k000", f"user{number:03}", "get")
    database = make()

    report = run(database, source)

    assert counts(report, "objects") == (230, 230, 0, 0)
    assert counts(report, "permissions") == (250, 250, 0, 0)
    server = database.server(user="alice").start()
    assert len(located(server, "all")) == 230
    assert material(server.kmip(get("k229"))) == bytes([229]) * 32
    assert len(server.get("/access/list/k000")) == 250


# What is not


@pytest.mark.parametrize("kind, inner, told", [
    ("PrivateKey", {"KeyBlock": {"KeyFormatType": "TransparentRSAPrivateKey",
                                 "KeyValue": {"KeyMaterial": cosmian.RSA_PRIVATE}}}, "PrivateKey"),
    ("PublicKey", {"KeyBlock": {"KeyFormatType": "PKCS8", "KeyValue": {"KeyMaterial": {"ByteString": [48]}}}},
     "PublicKey"),
    ("Certificate", {"CertificateType": "X509", "CertificateValue": [48, 130]}, "Certificate"),
    ("SymmetricKey", symmetric(b""), "no key"),
    ("SymmetricKey", {"KeyBlock": {"KeyFormatType": "PKCS8", "KeyValue": {"KeyMaterial": {"ByteString": [1]}}}},
     "KeyFormatType"),
    ("SymmetricKey", {"KeyBlock": {"KeyFormatType": "Raw", "KeyValue": {"KeyMaterial": {"ByteString": [256]}}}},
     "not understood"),
    ("Martian", {}, "Martian")])
def test_what_is_not_supported_is_reported_and_the_rest_comes(make, source, kind, inner, told):
    source.add("a-fine", "SymmetricKey", symmetric(KEY), attributes())
    source.add("b-strange", kind, inner, {}, grants={"bob": ["get"]})
    source.add("c-fine", "SymmetricKey", symmetric(KEY), attributes())
    database = make()

    report = run(database, source, status=3)

    assert counts(report, "objects") == (3, 2, 0, 1)
    assert counts(report, "permissions") == (1, 0, 0, 1)
    assert any('"b-strange"' in line and told in line for line in report.splitlines()), report
    assert database.run("SELECT uid FROM objects ORDER BY uid") == [("a-fine",), ("c-fine",)]
    assert database.run("SELECT count(*) FROM grants") == [(0,)]


@pytest.mark.parametrize("change, told", [
    ("UPDATE objects SET object = '{\"object_type\": \"Symm' WHERE id = 'k'", "not valid JSON"),
    ("UPDATE objects SET object = '[]' WHERE id = 'k'", "not valid JSON"),
    ("UPDATE objects SET object = '{}' WHERE id = 'k'", "not understood"),
    ("UPDATE objects SET object = '' WHERE id = 'k'", "empty"),
    ("UPDATE objects SET attributes = '{\"Link\": 7}' WHERE id = 'k'", "attributes"),
    ("UPDATE objects SET state = 'Frozen' WHERE id = 'k'", "state"),
    ("UPDATE objects SET state = NULL WHERE id = 'k'", "state"),
    ("UPDATE objects SET owner = printf('%.*c', 300, 'x') WHERE id = 'k'", "too long"),
    ("UPDATE tags SET tag = printf('%.*c', 300, 'x')", "too long"),
    ("UPDATE objects SET id = printf('%.*c', 300, 'x') WHERE id = 'k'", "too long")])
def test_rows_that_do_not_read_are_reported_and_the_rest_comes(make, source, change, told):
    source.add("k", "SymmetricKey", symmetric(KEY), attributes(), tags=["t"])
    source.add("fine", "SymmetricKey", symmetric(KEY), attributes())
    source.connection.execute(change)
    source.connection.commit()
    database = make()

    report = run(database, source, status=3)

    assert counts(report, "objects") == (2, 1, 0, 1)
    assert told in report
    assert database.run("SELECT uid FROM objects") == [("fine",)]


def test_permissions_that_mean_nothing_here_are_reported(make, source):
    source.add("k", "SymmetricKey", symmetric(KEY), attributes(), grants={
        "bob": ["get", "levitate"], "alice": ["get"], "": ["get"], "eve": [], "carol": ["locate"]})
    source.grant("gone", "bob", "get")
    database = make()

    report = run(database, source, status=3)

    assert counts(report, "permissions") == (6, 1, 0, 5)
    for told in ("not known", "owner holds", "nobody", "empty", "is gone"):
        assert told in report
    assert database.run("SELECT grantee, uid FROM grants") == [("carol", "k")]


def test_what_had_to_be_changed_is_reported(make, source):
    source.add("length", "SymmetricKey", symmetric(KEY, length=255), attributes(255))
    source.add("self", "SymmetricKey", symmetric(KEY), attributes(
        Link=[{"LinkType": "ReplacedObjectLink", "LinkedObjectIdentifier": "self"}]))
    database = make()

    report = run(database, source)

    assert counts(report, "objects") == (2, 2, 0, 0)
    assert "256, not 255" in report and "link to itself" in report


def test_no_key_is_shown_in_report_or_log(make, source):
    source.add("fine", "SymmetricKey", symmetric(KEY), attributes())
    source.add("odd", "SymmetricKey", symmetric(KEY, length=255), {})
    source.add("bad", None, None, text=json.dumps({"object_type": "SymmetricKey", "object": symmetric(KEY)})[:-3])
    database = make()

    done = database.command("db", "import", f"--from=sqlite:{source.path}", "--log-level=trace")

    shown = done.stdout + done.stderr
    assert done.returncode == 3 and "bad" in shown
    for form in (KEY.hex(), KEY[8:24].hex(), "8, 9, 10, 11", "8,9,10,11"):
        assert form not in shown.lower()


# From a server


@pytest.fixture(params=[databases.PostgreSQL, databases.MariaDB], ids=lambda backend: backend.__name__)
def server_database(request, tmp_path):
    """An empty database on a server, for the other system's tables."""
    database = request.param(tmp_path / "origin")
    yield database
    database.drop()


def test_what_lies_on_a_server_comes_as_from_a_file(source, server_database, tmp_path):
    for number in range(130):
        source.add(f"{'kKé'[number % 3]}{number:03}", "SymmetricKey", symmetric(bytes([number]) * 32),
                   attributes(Link=[{"LinkType": "ParentLink", "LinkedObjectIdentifier": "it's \\ \"so\""}]),
                   owner=f"o'{number % 2}", tags=["all", "été", f"t{number}"], state=[None, "Active", "Destroyed"][number % 3])
    source.add("cert", "Certificate", {"CertificateType": "X509", "CertificateValue": [48]}, grants={"bob": ["get"]})
    for number in range(250):
        source.grant("K001", f"User {number:03}", "get", "encrypt")
    source.grant("hsm::0::k", "*", "decrypt")
    source.copy_to(server_database)
    by_file, by_server = [databases.SQLite(tmp_path / name) for name in ("by-file", "by-server")]
    expected = run(by_file, source, status=3)
    by_server.command("db", "migrate")
    scheme = {"postgresql": ["postgres", "postgresql"], "mysql": ["mysql", "mariadb"]}[server_database.database_type]
    password = server_database.server_url.password

    for dry, name in [(["--dry-run"], scheme[0]), ([], scheme[0]), ([], scheme[1])]:
        url = server_database.server_url._replace(scheme=name, path=f"/{server_database.name}").geturl()
        done = by_server.command("db", "import", "--from", url, *dry)
        assert done.returncode == 3, done.stderr
        assert password not in done.stdout + done.stderr
        if name == scheme[0]:
            for what in ("objects", "permissions"):
                assert counts(done.stdout, what) == counts(expected, what)
            assert any('"cert"' in line for line in done.stdout.splitlines())

    assert counts(done.stdout, "objects")[1] == 0, "the second run finds all there"
    # Tags have no order, and attributes hold the time of the import.
    for query in ("SELECT uid, owner, state, otype, object, length(tags), length(attrs) FROM objects ORDER BY uid",
                  "SELECT t.term, o.uid FROM terms t JOIN objects o ON o.oid = t.oid ORDER BY 1, 2",
                  "SELECT * FROM grants ORDER BY grantee, uid"):
        assert by_server.run(query) == by_file.run(query)


# Runs


def test_a_dry_run_tells_the_same_and_writes_nothing(make, source):
    source.add("k", "SymmetricKey", symmetric(KEY), attributes(), grants={"bob": ["get"]})
    source.add("x", "Certificate", {"CertificateType": "X509", "CertificateValue": [48]})
    database = make()
    database.command("db", "migrate")

    dry = run(database, source, "--dry-run", status=3)

    assert "nothing was written" in dry
    assert database.run("SELECT count(*) FROM objects") == [(0,)]
    assert database.run("SELECT count(*) FROM grants") == [(0,)]
    real = run(database, source, status=3)
    assert counts(dry, "objects") == counts(real, "objects") == (2, 1, 0, 1)
    assert counts(dry, "permissions") == counts(real, "permissions")


def test_a_second_run_finds_everything_there_and_changes_nothing(make, source):
    source.add("k", "SymmetricKey", symmetric(KEY), attributes(), tags=["t"], grants={"bob": ["get"]})
    source.add("revoked-later", "SymmetricKey", symmetric(KEY), attributes())
    database = make()
    run(database, source)
    server = database.server(user="alice").start()
    server.kmip(ttlv.revoke("revoked-later"))
    server.access("revoke", "k", "bob", "get")
    before = database.rows()

    report = run(database, source)

    assert counts(report, "objects") == (2, 0, 2, 0)
    assert database.rows() == before


def test_an_import_that_was_killed_is_run_again(make_file, source, flush_counter):
    make = make_file
    for number in range(60):
        source.add(f"k{number:02}", "SymmetricKey", symmetric(bytes([number]) * 32), attributes(), tags=["all"],
                   grants={"bob": ["get"]})
    whole = make()
    run(whole, source)
    killed = 0
    for flush in (1, 3, 8, 10, 11, 12, 14):
        database = make()
        done = database.command(
            "db", "import", f"--from=sqlite:{source.path}",
            environment={"LD_PRELOAD": str(flush_counter), "DIE_AT_FLUSH": str(flush)})
        killed += done.returncode == -9

        run(database, source)

        assert database.run("SELECT uid, owner, state FROM objects ORDER BY uid") == whole.run(
            "SELECT uid, owner, state FROM objects ORDER BY uid")
        assert database.run("SELECT * FROM grants ORDER BY uid") == whole.run("SELECT * FROM grants ORDER BY uid")
        assert check(database) == "ready"
    assert killed >= 5


def test_objects_of_the_target_are_never_overwritten(make, source):
    database = make()
    server = database.server(user="alice").start()
    server.kmip(ttlv.import_key("k", bytes(32)))
    source.add("k", "SymmetricKey", symmetric(KEY), attributes(), grants={"bob": ["get"]})

    report = run(database, source, status=3)

    assert counts(report, "objects") == (1, 0, 0, 1)
    assert "another object" in report
    assert material(server.kmip(get("k"))) == bytes(32)
    assert server.get("/access/list/k") == []


def test_the_source_is_only_read(make, source):
    source.add("k", "SymmetricKey", symmetric(KEY), attributes())
    source.connection.close()
    source.path.chmod(0o400)
    before, names = source.contents(), sorted(p.name for p in source.folder.iterdir())

    run(make(), source, to="path")

    assert source.contents() == before
    assert sorted(p.name for p in source.folder.iterdir()) == names


@pytest.mark.parametrize("spelling", ["folder", "path"])
def test_the_source_is_a_file_or_its_folder(make, source, spelling):
    source.add("k", "SymmetricKey", symmetric(KEY), attributes())

    assert counts(run(make(), source, to=spelling), "objects") == (1, 1, 0, 0)


def test_sources_of_other_kinds_are_refused(make_file, tmp_path):
    make = make_file
    database = make()
    ours = make()
    ours.command("db", "migrate")
    newer = cosmian.Database(tmp_path / "newer")
    newer.connection.execute("CREATE TABLE parameters (name TEXT, value TEXT)")
    newer.connection.commit()
    for source, told in [(f"sqlite:{ours.path}", "no database of a Cosmian KMS"),
                         (f"sqlite:{newer.path}", "cosmian-kms-5"),
                         ("sqlite:/nowhere/kms.db", "cannot read /nowhere/kms.db"),
                         ("oracle://u:hunter2@h/d", "--from must be"), ("sqlite:", "--from must be")]:
        done = database.command("db", "import", f"--from={source}")
        assert done.returncode == 1 and told in done.stderr, done.stderr
        assert "hunter2" not in done.stdout + done.stderr
