"""What the documentation shows is run as it stands there."""
import json
import re
import subprocess
import sys

import pytest

import kmsd
import ttlv


def fenced(path, language):
    text = (kmsd.ROOT / path).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_the_first_steps_of_the_readme_run(server):
    steps = next(block for block in fenced("README.md", "sh") if "kmip()" in block)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps.replace("http://127.0.0.1:9998", server.url)],
        capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert ttlv.octets_of(answer, "Data") == b"hello"


def test_the_python_of_the_readme_runs(server):
    program = fenced("README.md", "python")[0].replace("http://127.0.0.1:9998", server.url)

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    assert done.stdout == "b'hello'\n", done.stderr


def test_every_request_of_the_api_page_is_answered_as_shown(new_server):
    server = new_server().start()
    blocks = [json.loads(block) for block in fenced("Documentation/api.md", "json")]
    assert len(blocks) > 20

    for at, request in enumerate(blocks):
        if request["tag"].endswith("Response"):
            continue
        answer = server.kmip(request)
        shown = blocks[at + 1] if at + 1 < len(blocks) else None
        if shown and shown["tag"] == request["tag"] + "Response":
            assert answer == shown
        else:
            assert answer["tag"] in (request["tag"] + "Response", "Message")


def test_the_grant_of_the_api_page_is_answered_as_shown(new_server):
    server = new_server().start()
    server.create(identifier="made-here")
    _, body, success, _, _, listed, _, _, _ = [
        *fenced("Documentation/api.md", "text")[0].splitlines(), *[""] * 9][:9]

    answer = server.post(body, path="/access/grant")

    assert answer.json() == json.loads(success)
    assert server.get("/access/list/made-here") == json.loads(listed)


def options_of(server_help):
    return sorted(set(re.findall(r"^  --([a-z-]+)", server_help, re.M)))


def test_every_option_is_documented():
    libraries = [path.name for path in kmsd.BIN.glob("libkms-*.so")]
    shown = [
        subprocess.run(
            [kmsd.BIN / "kmsd", "--help", f"--database-type={name[len('libkms-'):-len('.so')]}"],
            capture_output=True, text=True, timeout=20, check=True).stdout
        for name in libraries]
    options = options_of("".join(shown))
    assert len(options) > 20
    for page in ("Documentation/configuration.md", "Documentation/man/kms.toml.5"):
        text = (kmsd.ROOT / page).read_text(encoding="utf-8").replace("\\-", "-")
        commands = {"help", "version", "info", "config", "check-config", "from", "dry-run"}
        assert [o for o in options if o not in commands and o not in text] == [], page
        listed = re.findall(r"^\| `([a-z][a-z-]+)`|^\.BR? ([a-z][a-z-]+)$", text, re.M)
        # Keys of the tables [[plugin]] and [[issuer]] are no options.
        keys = {"path", "sha256", "issuer", "audience", "algorithms", "email-domains", "groups-claim", "user-claim"}
        unknown = {a or b for a, b in listed} - set(options) - keys - {"kms.toml"}
        assert unknown == set(), f"{page} lists options that there are not"


def test_the_template_of_the_configuration_is_a_configuration(new_server, tmp_path):
    template = subprocess.run(
        [kmsd.BIN / "kmsd", "config", "template"], capture_output=True, text=True, timeout=20, check=True).stdout
    settings = tmp_path / "kms.toml"
    settings.write_text(template)

    checked = subprocess.run(
        [kmsd.BIN / "kmsd", "--check-config", f"--config={settings}"], cwd=tmp_path, capture_output=True, text=True,
        timeout=20)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("arguments, said", [
    (["--hostname=0.0.0.0"], "allow-unauthenticated-network"),
    (["--database-typ=sqlite"], "database-type"),
    (["--database-type=nothing"], "nothing"),
    (["--port=high"], "port"),
])
def test_a_configuration_that_cannot_be_is_refused_by_name(arguments, said, tmp_path):
    refused = subprocess.run(
        [kmsd.BIN / "kmsd", "--check-config", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=20)

    assert refused.returncode != 0
    assert said in refused.stderr + refused.stdout


@pytest.mark.parametrize("page", ["kmsd.8", "kms.1", "kms-plugin.7", "kms-plugin-check.1", "kms.toml.5"])
def test_manual_pages_have_their_sections(page):
    text = (kmsd.ROOT / "Documentation/man" / page).read_text(encoding="utf-8")

    assert text.startswith(".TH ")
    assert [s for s in ("NAME", "DESCRIPTION", "SEE ALSO") if f".SH {s}\n" not in text] == []


def test_links_between_pages_lead_somewhere():
    for page in [*kmsd.ROOT.glob("*.md"), *(kmsd.ROOT / "Documentation").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_reference_of_the_contract_is_what_its_headers_say():
    checked = subprocess.run([kmsd.ROOT / "Tools/generate-abi-reference", "--check"], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr


def test_links_into_the_reference_find_their_section():
    for page in (kmsd.ROOT / "Documentation").rglob("*.md"):
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
            text = ((page.parent / target) if target else page).read_text(encoding="utf-8")
            titles = re.findall(r"^#+ (.+)$", text, re.M)
            anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert anchor in anchors, f"{page.name}: {target}#{anchor}"


def test_the_manual_of_drivers_names_every_function_and_status_of_the_contract():
    manual = (kmsd.ROOT / "Documentation/man/kms-plugin.7").read_text(encoding="utf-8").replace("\\-", "-")
    headers = "".join((kmsd.ROOT / f"Sources/PluginABI/include/kms/{name}.h").read_text(encoding="utf-8")
                      for name in ("plugin", "database"))
    code = re.sub(r"//.*", "", headers)
    statuses = re.findall(r"\b(KMS_[A-Z_]+) = \d+,", code.split("typedef int32_t kms_status;")[1].split("};")[0])
    functions = re.findall(r"\(\*(\w+?)(?:_fn)?\)\(", code)
    assert len(statuses) == 18 and len(functions) > 25

    assert [name for name in statuses + functions if not re.search(rf"\b{name}\b", manual)] == []


def test_every_test_that_the_threat_model_names_exists():
    page = (kmsd.ROOT / "Documentation/threat-model.md").read_text(encoding="utf-8")
    tests = {
        path.name: path.read_text(encoding="utf-8")
        for pattern in ("Integration/*.py", "*Tests/**/*.swift") for path in (kmsd.ROOT / "Tests").glob(pattern)}
    rows = [line for line in page.splitlines() if line.startswith("| ") and "`" in line.rpartition(" | ")[2]]
    assert len(rows) > 30
    for row in rows:
        file = None
        for name in re.findall(r"`([^`]+)`", row.rpartition(" | ")[2]):
            if ": " in name:
                file, _, name = name.partition(": ")
            assert re.search(rf"(def|func) {name}\b", tests[file]), f"{file}: {name}"
