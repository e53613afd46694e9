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


def test_the_unbroken_mutant_conforms(mutant, memory_config):
    done, cases = kit.run(mutant, memory_config)

    assert done.returncode == 0, kit.ids(cases, "failed")


def test_a_driver_that_dies_in_init_is_reported_as_that(mutant, memory_config):
    done, cases = kit.run(mutant, memory_config, MUTANT="stillborn")

    assert done.returncode == 1
    assert kit.ids(cases, "failed") == ["lifecycle.start"]
    assert "SIGABRT" in cases["lifecycle.start"]["details"][0]
