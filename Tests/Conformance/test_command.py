"""The command line: exit statuses, reports, quirks, what is refused."""
import json
import xml.etree.ElementTree as xml

import pytest

import kit


def quirks(tmp_path, *items):
    file = tmp_path / "quirks.toml"
    file.write_text("".join(f'[[quirk]]\ncase = "{case}"\nreason = "{reason}"\n' for case, reason in items))
    return file


def test_a_declared_quirk_is_no_failure_and_is_printed(mutant, memory_config, tmp_path):
    declared = quirks(tmp_path, ("get.late", "its clock stands still"))

    done = kit.kit("run", mutant, "--config", memory_config, "--only", "get", "--quirks", declared, MUTANT="late")

    assert done.returncode == 0, done.stdout
    assert "Quirks:" in done.stdout and "its clock stands still" in done.stdout


def test_a_quirk_that_is_not_true_fails(memory, memory_config, tmp_path):
    declared = quirks(tmp_path, ("get.late", "its clock stands still"))

    done, cases = kit.run(memory, memory_config, "--quirks", declared)

    assert done.returncode == 1
    assert kit.ids(cases, "failed") == ["get.late"]
    assert "no longer true" in cases["get.late"]["details"][0]


def test_a_quirk_for_what_is_not_applicable_fails(memory, memory_config, tmp_path):
    declared = quirks(tmp_path, ("apply.durable", "it is only memory"))

    done, cases = kit.run(memory, memory_config, "--quirks", declared, "--only", "apply.durable")

    assert done.returncode == 1
    assert "volatile" in cases["apply.durable"]["details"][0]


def test_a_crash_is_never_a_quirk(mutant, memory_config, tmp_path):
    declared = quirks(tmp_path, ("get.missing", "it aborts"))

    done, cases = kit.run(mutant, memory_config, "--quirks", declared, "--only", "get.missing", MUTANT="abort")

    assert done.returncode == 1
    assert cases["get.missing"]["verdict"] == "failed"


def test_quirks_need_a_reason_and_a_case_that_exists(memory, memory_config, tmp_path):
    for item, complaint in [(("get.late", " "), "a case and a reason"), (("get.nothing", "why"), "no case get.nothing")]:
        done = kit.kit("run", memory, "--config", memory_config, "--quirks", quirks(tmp_path, item))

        assert done.returncode == 2
        assert complaint in done.stderr and "quirks.toml:" in done.stderr


def test_an_undeclared_deviation_is_named_in_every_report(mutant, memory_config):
    arguments = ["run", mutant, "--config", memory_config, "--only", "get", "--report"]

    text = kit.kit(*arguments, "text", MUTANT="late")
    junit = kit.kit(*arguments, "junit", MUTANT="late")

    assert text.returncode == junit.returncode == 1
    assert "deviates" in text.stdout and "`get.late`" in text.stdout
    suites = xml.fromstring(junit.stdout)
    failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert failed == ["get.late"]
    assert suites.get("failures") == "1"


def test_reports_agree_about_a_driver_that_conforms(memory, memory_config):
    arguments = ["run", memory, "--config", memory_config, "--only", "get,apply.durable", "--report"]

    text = kit.kit(*arguments, "text")
    document = json.loads(kit.kit(*arguments, "json").stdout)
    suites = xml.fromstring(kit.kit(*arguments, "junit").stdout)

    assert document["conforms"] is True and document["driver"]["name"] == "Memory"
    count = len(document["cases"])
    assert suites.get("tests") == str(count) == str(len(list(suites.iter("testcase"))))
    assert suites.get("skipped") == "2"
    table = [line for line in text.stdout.splitlines() if line.startswith("|")]
    assert len({len(line) for line in table}) == 1, "columns are aligned"
    assert [cell.strip() for cell in table[-1].split("|")[1:3]] == ["all", str(count)]
    assert text.stderr == "", "no progress where there is no terminal"


def test_what_cannot_be_checked_is_neither_right_nor_wrong(memory, sqlite, memory_config, tmp_path):
    unknown = tmp_path / "unknown.toml"
    unknown.write_text('memory-nme = "x"\n')
    broken = tmp_path / "broken.toml"
    broken.write_text("memory-name = \n")
    precious = tmp_path / "precious.toml"
    precious.write_text(f'sqlite-path = "{tmp_path}/data"\n')
    for library, config, complaint in [
            (memory, tmp_path / "none.toml", "cannot be read"), (memory, broken, "broken.toml:1"),
            (memory, unknown, "no option memory-nme"), (tmp_path / "libkms-none.so", memory_config, "cannot read"),
            (sqlite, precious, "erase = true")]:
        done = kit.kit("run", library, "--config", config)

        assert done.returncode == 2, (config, done.stdout)
        assert complaint in done.stderr
    assert not (tmp_path / "data").exists(), "nothing was opened that may not be erased"


def test_an_unknown_selection_is_refused(memory, memory_config):
    done = kit.kit("run", memory, "--config", memory_config, "--only", "get,gte")

    assert done.returncode == 2 and "gte" in done.stderr


def test_cases_are_listed_with_their_sentences():
    lines = kit.kit("cases", "--only", "get").stdout.splitlines()

    assert "get.late" in lines
    assert lines[lines.index("get.late") + 1].startswith("    a deadline")


def test_a_bench_is_a_table_and_json(memory, memory_config):
    text = kit.kit("bench", memory, "--config", memory_config, "--seconds", "0.2")
    document = json.loads(
        kit.kit("bench", memory, "--config", memory_config, "--seconds", "0.2", "--report", "json").stdout)

    assert text.returncode == 0, text.stderr
    table = [line for line in text.stdout.splitlines() if line.startswith("|")]
    assert len(table) == 8 and len({len(line) for line in table}) == 1, "columns are aligned"
    assert document["driver"]["name"] == "Memory"
    figures = {(f["function"], f["size"], f["threads"]): f["itemsPerSecond"] for f in document["figures"]}
    assert set(figures) == {(function, size, threads) for function in ["get", "apply", "query"]
                            for size in [1, 16, 256] for threads in [1, 8]}
    assert all(rate > 0 for rate in figures.values())


def test_a_bench_of_a_driver_that_fails_is_no_bench(mutant, memory_config):
    dead = kit.kit("bench", mutant, "--config", memory_config, "--seconds", "0.2", MUTANT="stillborn")

    assert dead.returncode == 1 and "SIGABRT" in dead.stderr and dead.stdout == ""


@pytest.mark.parametrize("kind, said", [
    ("KMS_HSM", "no interface kms.hsm/1"), ("7", "kind 7, which this version does not know")])
def test_a_library_that_is_not_of_its_kind_is_named_and_not_judged(libraries, memory_config, kind, said):
    source = libraries / "other.c"
    source.write_text(kit.NULL.read_text().replace(".kind = KMS_DATABASE", f".kind = {kind}"))
    assert f".kind = {kind}" in source.read_text()
    library = kit.compile_driver(libraries / "libkms-other.so", source)

    done = kit.kit("run", library, "--config", memory_config)

    assert done.returncode == 2
    assert said in done.stderr and done.stdout == ""


def test_an_unknown_preparation_names_those_that_exist(memory, tmp_path):
    config = tmp_path / "odd.toml"
    config.write_text('memory-name = "{{scratch}}"\n[check.broken]\nmemory-name = "x"\n')

    done = kit.kit("run", memory, "--config", config)

    assert done.returncode == 2
    assert "odd.toml:2" in done.stderr and "no table [check.broken]" in done.stderr and "damaged-object" in done.stderr
