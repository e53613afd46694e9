"""Databases of earlier schemas become today's, whatever happens meanwhile; `kmsd db`."""
import concurrent.futures
import subprocess

import pytest

import kmsd
import ttlv
from databases import check
from kmsd import NotStarted, Refused
from ttlv import encrypt, get, material

# How far `plan` is when the database is marked, on its way from version 1.
MARKED = 3


@pytest.fixture
def version_1(make):
    return make().make_version_1()


def plan(database):
    done = database.command("db", "plan")
    assert done.returncode == 0, done.stderr
    return [statement for statement in done.stdout.split(";\n") if statement and not statement.startswith("--")]


def assert_serves_what_version_1_held(database, server):
    """Keys, states, tags and rights of Tests/Golden."""
    assert material(server.kmip(get("golden-aes"))) == bytes(range(32))
    assert len(material(server.kmip(get("golden-rekeyed")))) == 32
    assert server.kmip(encrypt("golden-wrapped", b"x"))["tag"] == "EncryptResponse"
    with pytest.raises(Refused):
        server.kmip(encrypt("golden-revoked", b"x"))
    assert len(ttlv.located(server.kmip(ttlv.locate_tags("prod")))) == 4
    assert {row["user_id"] for row in server.get("/access/list/golden-aes")} == {"bob", "*"}
    assert server.create()
    assert check(database) == "ready"


# Upgrades


def test_a_server_upgrades_version_1_and_serves_what_it_held(version_1):
    before = version_1.rows()
    assert check(version_1) == "behind"

    server = version_1.server(user="alice").start()

    assert version_1.rows() == before
    assert_serves_what_version_1_held(version_1, server)
    assert "upgrading the database" in server.log()


def test_an_upgrade_that_was_interrupted_behind_any_statement_is_finished(make):
    statements = plan(make().make_version_1())
    assert len(statements) > MARKED
    for count in range(len(statements) + 1):
        database = make().make_version_1()
        before = database.rows()
        database.run(*statements[:count])
        state = "behind" if count < MARKED else "upgrading" if count < len(statements) else "ready"
        assert check(database) == state
        if state != "ready":
            with pytest.raises(NotStarted) as refused:
                database.server(options=["--no-migrate"]).launch().wait_until_ready()
            assert refused.value.status == 1 and "kmsd db migrate" in refused.value.log

        server = database.server(user="alice").start()

        assert database.rows() == before
        assert_serves_what_version_1_held(database, server)
        assert server.stop() == 0


def test_an_upgrade_survives_a_kill_before_any_flush(make_file, flush_counter):
    make = make_file
    killed = 0
    for flush in range(1, 40):
        database = make().make_version_1()
        before = database.rows()
        done = database.command(
            "db", "migrate", environment={"LD_PRELOAD": str(flush_counter), "DIE_AT_FLUSH": str(flush)})
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        killed += 1
        assert check(database) in ("behind", "upgrading", "ready")

        assert database.command("db", "migrate").returncode == 0

        assert check(database) == "ready"
        assert database.rows() == before
    assert killed >= 6, "each statement of the upgrade is flushed"
    assert_serves_what_version_1_held(database, database.server(user="alice").start())


@pytest.mark.parametrize("servers", [2, 4])
def test_servers_that_start_together_upgrade_once(make, servers, rounds):
    for _ in range(rounds):
        database = make().make_version_1()
        before = database.rows()
        together = [database.server(user="alice").launch() for _ in range(servers)]
        for server in together:
            server.wait_until_ready()

        assert database.rows() == before
        for server in together:
            assert material(server.kmip(get("golden-aes"))) == bytes(range(32))
        assert check(database) == "ready"
        for server in together:
            assert server.stop() == 0


def test_a_server_killed_while_others_wait_for_it_is_replaced_by_one_of_them(make, rounds):
    for _ in range(rounds):
        database = make().make_version_1()
        together = [database.server(user="alice").launch() for _ in range(3)]
        together[0].kill()
        for server in together[1:]:
            server.wait_until_ready()

        assert_serves_what_version_1_held(database, together[1])


def test_every_call_fails_on_every_server_while_somebody_upgrades(make):
    database = make()
    servers = [database.server(user="alice").start() for _ in range(2)]
    key = servers[0].create(tagged=["t"])
    for server in servers:
        server.kmip(encrypt(key, b"x"))

    database.run("UPDATE context SET state = 'upgrading'")

    for server in servers:
        for item in (get(key), encrypt(key, b"x"), ttlv.create(), ttlv.revoke(key), ttlv.locate_tags("t")):
            with pytest.raises(Refused) as refused:
                server.kmip(item)
            assert "being upgraded" in refused.value.text
        with pytest.raises(Refused) as refused:
            server.get("/access/owned")
        assert "being upgraded" in refused.value.text
        with pytest.raises(Refused):
            server.access("grant", key, "bob", "get")
    database.run("UPDATE context SET state = 'ready'")
    assert servers[1].kmip(get(key)) and servers[0].create()


def test_a_database_that_is_too_new_is_refused_with_both_versions(make):
    database = make()
    database.server().start().stop()
    database.run("UPDATE context SET version = '7.3.1', schema_rev = 9, min_rev = 8")

    with pytest.raises(NotStarted) as refused:
        database.server().launch().wait_until_ready()

    version = subprocess.run([kmsd.BIN / "kmsd", "--version"], capture_output=True, text=True).stdout.split()[1]
    assert refused.value.status == 1
    assert "7.3.1" in refused.value.log and version in refused.value.log
    assert check(database) == "ahead"
    for command in ("plan", "migrate"):
        done = database.command("db", command)
        assert done.returncode == 1 and "7.3.1" in done.stderr
    assert database.run("SELECT version, schema_rev, min_rev, state FROM context") == [("7.3.1", 9, 8, "ready")]


def test_a_server_that_is_not_newer_simply_starts(make):
    database = make()
    database.server().start().stop()
    for version, schema in [("7.3.1", 2), ("7.3.1", 9)]:
        database.run(f"UPDATE context SET version = '{version}', schema_rev = {schema}")

        server = database.server().start()

        assert server.create()
        server.stop()
        assert database.run("SELECT version, schema_rev FROM context") == [(version, schema)]


def test_the_version_is_that_of_the_newest_server(make):
    database = make()
    database.server().start().stop()
    version = database.run("SELECT version FROM context")[0][0]
    assert version == subprocess.run([kmsd.BIN / "kmsd", "--version"], capture_output=True, text=True).stdout.split()[1]
    database.run("UPDATE context SET version = '0.0.9'")

    database.server().start().stop()

    assert database.run("SELECT version FROM context") == [(version,)]


# kmsd db


def test_an_administrator_runs_the_plan_and_the_server_needs_no_rights_to(make):
    empty = make()
    empty.create()
    for database in (make().make_version_1(), empty):
        statements = plan(database)
        with pytest.raises(NotStarted):
            database.server(options=["--no-migrate"]).launch().wait_until_ready()

        database.run(*statements)

        assert check(database) == "ready"
        assert plan(database) == []
        server = database.server(user="alice", options=["--no-migrate"]).start()
        assert server.create()


def test_migrate_makes_and_upgrades_the_schema_once(make):
    for database in (make().make_version_1(), make()):
        for _ in range(2):
            done = database.command("db", "migrate")
            assert done.returncode == 0, done.stderr
            assert "state: ready" in done.stdout
        assert database.server(options=["--no-migrate"]).start().create()


def test_migrate_started_twice_upgrades_once(make, rounds):
    for _ in range(rounds):
        database = make().make_version_1()
        before = database.rows()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: database.command("db", "migrate").returncode, range(4)))
        assert done == [0] * 4
        assert database.rows() == before and check(database) == "ready"


def test_check_and_plan_change_nothing(version_1):
    before = version_1.rows(), version_1.run("SELECT * FROM context")
    for _ in range(2):
        assert check(version_1) == "behind"
        assert plan(version_1)
    assert (version_1.rows(), version_1.run("SELECT * FROM context")) == before


def test_check_tells_the_database_of_another_system(make):
    database = make()
    database.create()
    database.run("CREATE TABLE objects (id VARCHAR(40))", "CREATE TABLE read_access (id VARCHAR(40))",
                 "CREATE TABLE tags (id VARCHAR(40))")

    assert check(database) == "foreign (cosmian-kms-4)"
    with pytest.raises(NotStarted) as refused:
        database.server().launch().wait_until_ready()
    assert "kmsd db import" in refused.value.log


@pytest.mark.parametrize("words, told", [
    (["db"], "unknown command"), (["db", "chek"], "did you mean kmsd db check?"),
    (["db", "import"], "--from"), (["db", "check", "--dry-run"], "is an option of kmsd db import"),
    (["--from=sqlite:x"], "is an option of kmsd db import")])
def test_what_is_no_command_is_refused(make, words, told):
    done = make().command(*words)

    assert done.returncode == 2 and told in done.stderr


# Clean-up


def test_clean_up_refuses_while_another_server_is_there(make):
    database = make()
    server = database.server(user="alice").start()
    key = server.create()
    database.age_leases(15)  # it is renewed before it runs out

    cleaning = database.server(options=["--cleanup-on-startup"])
    with pytest.raises(NotStarted) as refused:
        cleaning.launch().wait_until_ready()

    assert refused.value.status == 1
    assert "nothing was deleted" in refused.value.log and "force-cleanup" in refused.value.log
    assert server.kmip(get(key)) and server.create()


@pytest.mark.parametrize("name", ["cleanup-on-startup", "clear-database"])
def test_clean_up_by_force_empties_the_database_under_a_living_server(make, name):
    database = make()
    server = database.server(user="alice").start()
    key = server.create(tagged=["t"])
    server.access("grant", key, "bob", "get")
    server.kmip(encrypt(key, b"x"))

    cleaned = database.server(user="alice", options=[f"--{name}", "--force-cleanup"]).start()

    assert "CLEAN-UP" in cleaned.log() and "CRITICAL" in cleaned.log().upper()
    for running in (server, cleaned):
        with pytest.raises(Refused):
            running.kmip(get(key))
        with pytest.raises(Refused):
            running.kmip(encrypt(key, b"x"))
        assert ttlv.located(running.kmip(ttlv.locate_tags("t"))) == []
    assert database.run("SELECT count(*) FROM grants") == [(0,)]
    assert server.create() and cleaned.create()


def test_clean_up_follows_a_server_that_was_killed(make):
    database = make()
    server = database.server(user="alice").start()
    key = server.create()
    server.kill()
    database.age_leases(28)

    cleaned = database.server(user="alice", options=["--cleanup-on-startup"]).start()

    with pytest.raises(Refused):
        cleaned.kmip(get(key))
    assert cleaned.create()


def test_clean_up_also_upgrades(version_1):
    cleaned = version_1.server(user="alice", options=["--cleanup-on-startup"]).start()

    assert cleaned.get("/access/owned") == []
    assert check(version_1) == "ready"


def test_without_the_option_nothing_is_deleted(make):
    database = make()
    server = database.server(user="alice", options=["--force-cleanup"]).start()
    key = server.create()
    server.stop()

    assert database.server(user="alice", options=["--force-cleanup"]).start().kmip(get(key))
