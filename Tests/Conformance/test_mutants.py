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
    ("slow", ["get.inline.quick", "get.inline.long"], "the median is"),
    ("hasty", ["get.inline.long"], "0 items answer 1000"),
    ("queueing", ["get.inline.apply"], "of the time of apply"),
    ("recycling", ["results.outlive"], "after clear"),
    ("homely", ["results.thread"], "SIGABRT"),
    ("grumpy", ["faults.cancel.polled"], "KMS_INTERNAL"),
    ("unready", ["schema.migrate.watched", "lifecycle.readonly.empty"], "KMS_UNAVAILABLE"),
    ("straying", ["lifecycle.cancel.others"], "KMS_CANCELLED"),
    ("wrong", ["faults.cancel.polled"], "which was told to be not written"),
    ("small", ["apply.limit.object"], "KMS_EXHAUSTED"),
    ("tired", ["apply.limit.call"], "too many writes"),
    ("ascii", ["apply.unicode"], "rights"),
    ("strict", ["query.rights.owned"], "any, no such right"),
    ("lenient", ["query.invalid"], "OWNED without who"),
    ("forgetting", ["query.limit.who"], "expected 64"),
    ("trimming", ["query.unicode", "grants.unicode"], ""),
    ("crowded", ["lifecycle.concurrency.changes"], "all connections are in use"),
    ("importing", ["lifecycle.open.foreign"], "KMS_OK, expected KMS_UNAVAILABLE or KMS_UNSUPPORTED"),
    ("making", ["lifecycle.readonly.empty", "lifecycle.readonly.missing"], "KMS_UNAVAILABLE"),
]


@pytest.mark.parametrize("name, found_by, says", MUTANTS, ids=[name for name, _, _ in MUTANTS])
def test_a_broken_rule_is_found_by_its_case(mutant, memory_config, name, found_by, says):
    if name == "hang":
        memory_config.write_text(memory_config.read_text().replace("10s", "2s"))

    only = ",".join(["get.whole", "get.parts", "get.missing", "apply.late", *found_by, "query.empty"])
    done, cases = kit.run(mutant, memory_config, "--only", only, MUTANT=name)

    assert done.returncode == 1, done.stderr
    for id in found_by:
        assert cases[id]["verdict"] == "failed", kit.ids(cases, "failed")
        assert says in "\n".join(cases[id]["details"])
    assert cases["query.empty"]["verdict"] == "passed", "the run goes on behind it"


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
    ("piecemeal", "faults.kill", "Chain.swift"), ("racy", "coherence.conditions", "expected one revision"),
    ("trusting", "coherence.unchanged", "UNCHANGED after"), ("forcing", "coherence.clear", "KMS_CONFLICT"),
    ("drowsy", "coherence.changes", "was told after"),
])
def test_what_shows_between_processes_is_found_there(mutant, sqlite, sqlite_config, name, found_by, says):
    done, cases = kit.run(
        mutant, sqlite_config, "--only", found_by, MUTANT=name, MUTANT_BASE=str(sqlite), ROUNDS="10")

    assert done.returncode == 1, done.stderr
    assert cases[found_by]["verdict"] == "failed"
    assert says in "\n".join(cases[found_by]["details"])


@pytest.mark.parametrize("name, found_by, says", [
    ("confident", "connections.apply.cut", "said that it is written is not there"),
    ("denying", "connections.apply.cut", "said that it is not written is there"),
    ("stubborn", "connections.apply.cut", "KMS_EXISTS"),
    ("patient", "connections.silent", "at most 1900"),
    ("deaf", "connections.changes", "was never told"),
])
def test_what_shows_when_connections_break_is_found(mutant, postgresql, postgresql_proxied, name, found_by, says):
    done, cases = kit.run(
        mutant, postgresql_proxied, "--only", found_by, MUTANT=name, MUTANT_BASE=str(postgresql), ROUNDS="1")

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


def test_open_says_what_is_wrong_on_backends_that_the_configuration_provides(mutant, memory_config):
    states = ["denied", "damaged", "missing", "contradictory"]
    ids = [f"lifecycle.open.{state}" for state in states]

    def config(names):
        memory_config.write_text('memory-name = "{{scratch}}"\n' + "".join(
            f'[check.{state}]\nmemory-name = "{name}"\n' for state, name in zip(states, names)))

    config(states)
    done, cases = kit.run(mutant, memory_config, "--only", "lifecycle.open", MUTANT="refusing")
    assert done.returncode == 0, done.stdout
    assert set(ids) <= set(kit.ids(cases, "passed"))

    config(["confused"] * len(states))
    done, cases = kit.run(mutant, memory_config, "--only", "lifecycle.open", MUTANT="refusing")
    assert kit.ids(cases, "failed") == sorted(ids)

    config(["open to all"] * len(states))
    done, cases = kit.run(mutant, memory_config, "--only", "lifecycle.open")
    assert kit.ids(cases, "failed") == sorted(ids), "an open that succeeds"


def test_an_older_host_that_lowers_the_version_is_found(mutant, memory_config):
    done, cases = kit.run(mutant, memory_config, "--only", "schema.migrate.older", MUTANT="lowering")

    assert done.returncode == 1
    assert "1.9.9, expected 1.10.0" in "".join(cases["schema.migrate.older"]["details"]).replace('"', "")
