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
    ("grumpy", ["get.cancel"], "KMS_INTERNAL"),
    ("unready", ["schema.migrate.watched", "lifecycle.readonly.empty"], "KMS_UNAVAILABLE"),
    ("spilling", ["lifecycle.cancel.others"], "KMS_CANCELLED"),
    ("wrong", ["apply.cancel"], "is written and said KMS_CANCELLED"),
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
    memory_config.write_text(memory_config.read_text().replace("10s", "2s"))

    only = ",".join(["get.whole", "get.parts", "get.missing", "apply.late", *found_by, "query.empty"])
    done, cases = kit.run(mutant, memory_config, "--only", only, MUTANT=name)

    assert done.returncode == 1, done.stderr
    for id in found_by:
        assert cases[id]["verdict"] == "failed", kit.ids(cases, "failed")
        assert says in "\n".join(cases[id]["details"])
    assert cases["query.empty"]["verdict"] == "passed", "the run goes on behind it"


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
