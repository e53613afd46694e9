"""Our own drivers keep the contract, with nothing declared that they do not keep."""
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
