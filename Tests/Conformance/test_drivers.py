"""Our own drivers keep the contract, with nothing declared that they do not keep."""
import shutil
import sqlite3

import kit


def test_sqlite_conforms_without_quirks(sqlite, sqlite_config):
    done, cases = kit.run(sqlite, sqlite_config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 80


def test_the_memory_driver_conforms_without_quirks(memory, memory_config):
    done, cases = kit.run(memory, memory_config)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert all("volatile" in why or "one process" in why or "prepared" in why
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
    with sqlite3.connect(tmp_path / "foreign/kms.db") as database:
        database.execute("CREATE TABLE songs (title TEXT)")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged/kms.db").write_bytes(b"no database" * 1000)
    config.write_text('sqlite-path = "{{scratch}}"\n' + "".join(
        f'[check.{state}]\ncopy = "{state}"\n' for state in [*changes, "foreign", "damaged"])
        + '[check.missing]\nsqlite-path = "prepared.toml/data"\n')

    done, cases = kit.run(sqlite, config, "--only", "schema,lifecycle.open,get.damaged")

    assert kit.ids(cases, "failed") == [], done.stdout
    assert kit.ids(cases, "notApplicable") == [
        "lifecycle.open.contradictory", "lifecycle.open.denied"], "it has neither credentials nor contradictions"
