"""Our own drivers keep the contract, with nothing declared that they do not keep."""
import shutil
import sqlite3
import urllib.parse

import kit


def test_sqlite_conforms_without_quirks(sqlite, sqlite_config):
    done, cases = kit.run(sqlite, sqlite_config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 80


def test_postgresql_conforms_without_quirks(postgresql, postgresql_schema, tmp_path):
    conforms_on_a_server(postgresql, postgresql_schema, "CREATE TABLE songs (title text)", tmp_path)


def test_mysql_conforms_on_mariadb_with_one_quirk(mysql, mariadb_database, tmp_path):
    quirks = tmp_path / "quirks.toml"
    quirks.write_text("""
        [[quirk]]
        case = "lifecycle.readonly.changes"
        reason = "row numbers do not follow commits: who only reads is told what a handle that writes has settled"
        """)
    conforms_on_a_server(
        mysql, mariadb_database, "CREATE TABLE songs (title text)", tmp_path, "--quirks", quirks)


def conforms_on_a_server(library, make_database, foreign, tmp_path, *options):
    config = tmp_path / "server.toml"
    config.write_text(f'database-url = "{kit.proxied(make_database())}"\n[check]\nerase = true\n')
    done, _ = kit.run(library, config, "--only", "get.none")
    assert done.returncode == 0, done.stdout
    changes = {
        "behind": "UPDATE context SET schema_rev = 0", "upgrading": "UPDATE context SET state = 'upgrading'",
        "ahead": "UPDATE context SET schema_rev = 99, min_rev = 99"}
    for state, change in changes.items():
        url = make_database()
        only = tmp_path / f"{state}.toml"
        only.write_text(f'database-url = "{url}"\n[check]\nerase = true\n')
        assert kit.run(library, only, "--only", "get.none")[0].returncode == 0
        make_database.run(url, change)
        with config.open("a") as text:
            text.write(f'[check.{state}]\ndatabase-url = "{url}"\n')
    with config.open("a") as text:
        text.write(f'[check.foreign]\ndatabase-url = "{make_database(foreign)}"\n')
        url = urllib.parse.urlsplit(make_database())
        for state, other in [
                ("denied", url._replace(netloc=url.netloc.replace(f":{url.password}@", ":wrong@"))),
                ("missing", url._replace(path="/nowhere"))]:
            assert other != url
            text.write(f'[check.{state}]\ndatabase-url = "{other.geturl()}"\n')

    done, cases = kit.run(library, config, *options)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert {id for id in cases if id.startswith("connections.")} <= set(kit.ids(cases, "passed"))
    assert all("new database" in why or "quick" in why or "used up" in why or "[check." in why
               for id in kit.ids(cases, "notApplicable") for why in cases[id]["details"])


def test_redis_conforms_without_quirks(redis_findex, redis_database, tmp_path):
    options = ('redis-master-password = "correct horse"\nredis-argon2-memory = 19456\nredis-argon2-passes = 2\n'
               "redis-argon2-lanes = 1\n")
    config = tmp_path / "redis.toml"
    config.write_text(
        f'database-url = "{redis_database()}"\n{options}[check]\nerase = true\n'
        f'[check.foreign]\ndatabase-url = "{redis_database("SET", "song", "words")}"\n')
    config.chmod(0o600)

    done, cases = kit.run(redis_findex, config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 140
    # The metadata are authenticated, so no other program can prepare a state of the schema: the
    # driver's own tests do.
    assert all("new database" in why or "quick" in why or "prepared" in why or "{{proxy" in why
               for id in kit.ids(cases, "notApplicable") for why in cases[id]["details"])


def test_the_memory_driver_conforms_without_quirks(memory, memory_config):
    done, cases = kit.run(memory, memory_config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert all("volatile" in why or "one process" in why or "prepared" in why or "secret options" in why
               or "{{proxy" in why
               for id in kit.ids(cases, "notApplicable") for why in cases[id]["details"])


def test_the_file_driver_conforms_without_quirks(file_driver):
    done, cases = kit.run(file_driver, kit.FILE / "check/options.toml")

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert {"schema.ahead", "schema.foreign", "apply.durable", "faults.kill"} <= set(kit.ids(cases, "passed"))
    assert all("one process" in why or "prepared" in why or "secret options" in why or "{{proxy" in why
               for id in kit.ids(cases, "notApplicable") for why in cases[id]["details"])


def test_a_database_without_scratch_is_emptied_for_each_case(sqlite, tmp_path):
    config = tmp_path / "one.toml"
    config.write_text(f'sqlite-path = "{tmp_path}/data"\n[check]\nerase = true\n')

    done, cases = kit.run(sqlite, config, "--only", "get,query")

    assert kit.ids(cases, "failed") == [], done.stdout


def test_sqlite_judges_databases_that_it_did_not_make_ready(sqlite, tmp_path):
    config = tmp_path / "prepared.toml"
    config.write_text(f'sqlite-path = "{tmp_path}/ready"\n[check]\nerase = true\n')
    done, _ = kit.run(sqlite, config, "--only", "apply.batch.independent")  # which leaves three objects
    assert done.returncode == 0, done.stdout
    changes = {
        "behind": "UPDATE context SET schema_rev = 0", "upgrading": "UPDATE context SET state = 'upgrading'",
        "ahead": "UPDATE context SET schema_rev = 99, min_rev = 99",
        "damaged-object": "UPDATE objects SET owner = 'eve' WHERE uid = 'b'"}
    for state, change in changes.items():
        shutil.copytree(tmp_path / "ready", tmp_path / state)
        with sqlite3.connect(tmp_path / state / "kms.db") as database:
            assert database.execute(change).rowcount == 1
    (tmp_path / "foreign").mkdir()
    with sqlite3.connect(tmp_path / "foreign/kms.db") as database:  # of a Cosmian KMS 4.x
        for statement in [
                "CREATE TABLE objects (id VARCHAR(40) PRIMARY KEY, object json NOT NULL, "
                "attributes json NOT NULL, state VARCHAR(32), owner VARCHAR(255))",
                "CREATE TABLE read_access (id VARCHAR(40), userid VARCHAR(255), permissions json NOT NULL)",
                "CREATE TABLE tags (id VARCHAR(40), tag VARCHAR(255))",
                "INSERT INTO objects VALUES ('k', '{}', '{}', 'Active', 'alice')",
                "INSERT INTO tags VALUES ('k', 't')"]:
            database.execute(statement)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged/kms.db").write_bytes(b"no database" * 1000)
    config.write_text('sqlite-path = "{{scratch}}"\n' + "".join(
        f'[check.{state}]\ncopy = "{state}"\n' for state in [*changes, "foreign", "damaged"])
        + '[check.missing]\nsqlite-path = "prepared.toml/data"\n')

    done, cases = kit.run(sqlite, config, "--only", "schema,lifecycle.open,get.damaged")

    assert kit.ids(cases, "failed") == [], done.stdout
    assert kit.ids(cases, "notApplicable") == [
        "lifecycle.open.contradictory", "lifecycle.open.denied"], "it has neither credentials nor contradictions"
