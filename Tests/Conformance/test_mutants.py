"""Each broken rule is found by the case that is about it, and the run goes on behind it."""
import pytest

import kit

# What is broken, the cases that must find it, and a part of what they say.
MUTANTS = [
    ("abort", ["get.missing"], "SIGABRT"),
    ("hang", ["get.missing"], "did not come back"),
    ("exit", ["get.missing"], "exited with 0"),
    ("reverse", ["get.order"], "another uid"),
    ("forgetful", ["get.whole"], "struct_size"),
    ("late", ["get.late"], "expected KMS_DEADLINE"),
    ("copying", ["get.whole"], "copy of its call"),
    ("loud", ["get.missing"], "standard streams: nobody is not here"),
    ("scribbling", ["get.missing"], "SIGSEGV"),
    ("keeping", ["get.parts"], "SIGSEGV"),
    ("piecemeal", ["apply.batch.atomic"], ""),
    ("careless", ["apply.if.conflict", "apply.if.nobody"], "expected KMS_CONFLICT"),
    ("narrow", ["get.rights"], "rights"),
    ("mute", ["apply.late"], "without a message"),
    ("hoarding", ["lifecycle.end"], "secure memory"),
    ("overfull", ["query.cursor.stable"], "at most 7"),
    ("unsorted", ["query.newest"], ""),
    ("generous", ["query.rights"], ""),
    ("blind", ["query.filter.unknown"], "superset"),
]


@pytest.mark.parametrize("name, found_by, says", MUTANTS, ids=[name for name, _, _ in MUTANTS])
def test_a_broken_rule_is_found_by_its_case(mutant, memory_config, name, found_by, says):
    memory_config.write_text(memory_config.read_text().replace("10s", "2s"))

    done, cases = kit.run(mutant, memory_config, "--only", "get,apply,query", MUTANT=name)

    assert done.returncode == 1, done.stderr
    for id in found_by:
        assert cases[id]["verdict"] == "failed", kit.ids(cases, "failed")
        assert says in "\n".join(cases[id]["details"])
    assert len(cases) > 80 and kit.ids(cases, "passed"), "the other cases ran"


# What goes wrong only under faults, with many threads, or for who looks closely.
HIDDEN_MUTANTS = [
    ("leaky", ["faults.secure-memory"], "blocks of secure memory"),
    ("reckless", ["faults.secure-memory"], "object"),
    ("unlucky", ["faults.random"], "SIGABRT"),
    ("spilling", ["faults.start"], "blocks of secure memory"),
    ("piecemeal", ["faults.cancel.polled"], "of 40 writes of a batch are there"),
    ("racy", ["threads.one-handle", "threads.two-handles"], "two updates replaced one revision"),
    ("gossiping", ["secrets.keys"], "a secret went to the log"),
    ("prying", ["secrets.personal"], "a tag or term went to the log"),
    ("retentive", ["secrets.released"], "still in memory"),
    ("confessing", ["secrets.tenant"], "open gave a secret away in its message"),
    ("blabbing", ["secrets.options"], "a secret went to the log"),
    ("boastful", ["faults.kill"], "was acknowledged"),
    ("boastful", ["coherence.get", "coherence.query", "coherence.conditions"], ""),
]


@pytest.mark.parametrize("name, found_by, says", HIDDEN_MUTANTS, ids=[f"{m[0]}-{m[1][0]}" for m in HIDDEN_MUTANTS])
def test_what_goes_wrong_seldom_is_found_by_its_case(mutant, memory_config, name, found_by, says):
    done, cases = kit.run(mutant, memory_config, "--only", ",".join(found_by), MUTANT=name)

    assert done.returncode == 1, done.stderr
    for id in found_by:
        assert cases[id]["verdict"] == "failed", cases[id]
        assert says in "\n".join(cases[id]["details"])


@pytest.mark.parametrize("name, found_by, says", [
    ("piecemeal", "faults.kill", "after batch"), ("racy", "coherence.conditions", "expected one revision"),
    ("trusting", "coherence.unchanged", "UNCHANGED after"), ("forcing", "coherence.clear", "KMS_CONFLICT"),
    ("drowsy", "coherence.changes", "was told after"),
])
def test_what_shows_between_processes_is_found_there(mutant, sqlite, sqlite_config, name, found_by, says):
    done, cases = kit.run(
        mutant, sqlite_config, "--only", found_by, MUTANT=name, MUTANT_BASE=str(sqlite), ROUNDS="10")

    assert done.returncode == 1, done.stderr
    assert cases[found_by]["verdict"] == "failed"
    assert says in "\n".join(cases[found_by]["details"])


def test_no_report_repeats_a_secret(mutant, memory_config):
    for name in ["gossiping", "confessing", "blabbing", "retentive"]:
        done = kit.kit("run", mutant, "--config", memory_config, "--only", "secrets", MUTANT=name)

        assert done.returncode == 1
        assert "cNry" not in done.stdout + done.stderr
        assert "cNry".encode().hex() not in done.stdout + done.stderr


def test_the_unbroken_mutant_conforms(mutant, memory_config):
    done, cases = kit.run(mutant, memory_config)

    assert done.returncode == 0, kit.ids(cases, "failed")


def test_a_driver_that_dies_in_init_is_reported_as_that(mutant, memory_config):
    done, cases = kit.run(mutant, memory_config, MUTANT="stillborn")

    assert done.returncode == 1
    assert kit.ids(cases, "failed") == ["lifecycle.start"]
    assert "SIGABRT" in cases["lifecycle.start"]["details"][0]
