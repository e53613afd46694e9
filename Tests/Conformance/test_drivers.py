"""Our own drivers keep the contract, with nothing declared that they do not keep."""
import shutil
import sqlite3

import kit


def test_sqlite_conforms_without_quirks(sqlite, sqlite_config):
    done, cases = kit.run(sqlite, sqlite_config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 80


def test_postgresql_conforms_without_quirks(postgresql, postgresql_schema, tmp_path):
    conforms_on_a_server(postgresql, postgresql_schema, "CREATE TABLE songs (title text)", tmp_path)


def test_mysql_conforms_without_quirks_on_mariadb(mysql, mariadb_database, tmp_path):
    conforms_on_a_server(mysql, mariadb_database, "CREATE TABLE songs (title text)", tmp_path)


def conforms_on_a_server(library, make_database, foreign, tmp_path):
    config = tmp_path / "server.toml"
    config.write_text(f'database-url = "{make_database()}"\n[check]\nerase = true\n')
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

    done, cases = kit.run(library, config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert all("new database" in why or "quick" in why
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
    assert all("new database" in why or "quick" in why or "prepared" in why
               for id in kit.ids(cases, "notApplicable") for why in cases[id]["details"])


def test_the_memory_driver_conforms_without_quirks(memory, memory_config):
    done, cases = kit.run(memory, memory_config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert all("volatile" in why or "one process" in why or "prepared" in why or "secret options" in why
               for id in kit.ids(cases, "notApplicable") for why in cases[id]["details"])


def test_the_file_driver_conforms_without_quirks(file_driver):
    done, cases = kit.run(file_driver, kit.FILE / "check/options.toml")

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    # It has one schema, so none is behind and none is upgraded for any time, and no secret options.
    assert set(kit.ids(cases, "notApplicable")) <= {"schema.behind", "schema.upgrading", "secrets.options"} | {
        id for id in cases if any("one process" in why for why in cases[id]["details"])}


def test_a_database_without_scratch_is_emptied_for_each_case(sqlite, tmp_path):
    config = tmp_path / "one.toml"
    config.write_text(f'sqlite-path = "{tmp_path}/data"\n[check]\nerase = true\n')

    done, cases = kit.run(sqlite, config, "--only", "get,query")

    assert kit.ids(cases, "failed") == [], done.stdout


def test_sqlite_judges_databases_that_it_did_not_make_ready(sqlite, tmp_path):
    config = tmp_path / "prepared.toml"
    config.write_text(f'sqlite-path = "{tmp_path}/ready"\n[check]\nerase = true\n')
    done, _ = kit.run(sqlite, config, "--only", "get.none")
    assert done.returncode == 0, done.stdout
    changes = {
        "behind": "UPDATE context SET schema_rev = 0", "upgrading": "UPDATE context SET state = 'upgrading'",
        "ahead": "UPDATE context SET schema_rev = 99, min_rev = 99"}
    for state, change in changes.items():
        shutil.copytree(tmp_path / "ready", tmp_path / state)
        with sqlite3.connect(tmp_path / state / "kms.db") as database:
            database.execute(change)
    (tmp_path / "foreign").mkdir()
    with sqlite3.connect(tmp_path / "foreign/kms.db") as database:
        database.execute("CREATE TABLE songs (title TEXT)")
    config.write_text('sqlite-path = "{{scratch}}"\n' + "".join(
        f'[check.{state}]\ncopy = "{state}"\n' for state in [*changes, "foreign"]))

    done, cases = kit.run(sqlite, config, "--only", "schema")

    assert kit.ids(cases, "failed") == [], done.stdout
    assert kit.ids(cases, "notApplicable") == []
