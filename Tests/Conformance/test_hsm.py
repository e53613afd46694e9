"""Our HSM drivers keep the contract, on the tokens that software can be."""
import kit


def test_softhsm2_conforms_without_quirks(softhsm2):
    done, cases = kit.run(*softhsm2)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 45
    # It mixes up what it encrypted and what not.
    assert kit.ids(cases, "notApplicable") == ["hsm.update.dates"]


def test_any_library_conforms_without_quirks(any_token):
    done, cases = kit.run(*any_token)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert kit.ids(cases, "notApplicable") == ["hsm.update.dates"]


def test_opencryptoki_conforms_but_for_what_it_lacks(opencryptoki):
    done, cases = kit.run(*opencryptoki)

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
    assert len(kit.ids(cases, "passed")) > 25


def test_a_driver_for_hsms_needs_a_token(softhsm2, tmp_path):
    library, config = softhsm2
    alone = tmp_path / "alone.toml"
    alone.write_text(config.read_text().split("[check]")[0])

    done = kit.kit("run", library, "--config", alone)

    assert done.returncode == 3 or done.returncode == 2, done.stdout
    assert "[check.hsm]" in done.stderr


def test_the_pin_of_the_configuration_may_lie_in_a_file(softhsm2, tmp_path):
    library, config = softhsm2
    (tmp_path / "pin").write_text("12345678\n")
    config.write_text(config.read_text().replace('pin = "12345678"', 'pin-file = "pin"'))

    done, cases = kit.run(library, config, "--only", "hsm.slots")

    assert kit.ids(cases, "failed") == [], done.stdout
    assert done.returncode == 0
