"""What an HSM does on bad days, through the shim: the driver heals by itself, and says what it cannot."""
import ctypes
import os
import pathlib
import shutil
import subprocess
import threading
import time

import pytest

import contract
import kit

SHIM = kit.ROOT / "Tests/Shim"
TARGET = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "12345678"


@pytest.fixture(scope="session")
def shim(libraries):
    library = libraries / "libp11shim.so"
    subprocess.run(["cc", "-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                    "-fvisibility=hidden", "-pthread", "-o", library, *sorted(SHIM.glob("*.c")), "-lcrypto", "-ldl"],
                   check=True)
    return library


@pytest.fixture(scope="session")
def drivers():
    """The drivers in this process, by model; each is started once."""
    token = os.environ.get("CLAVIGER_TEST_SOFTHSM2")
    if not token:
        pytest.skip("put Tests/Servers/run before the command, and install softhsm2")
    os.environ.update(SOFTHSM2_CONF=token, P11SHIM_TARGET=TARGET)
    started = {}

    def driver(model):
        library = kit.BIN / f"libkms-{model}.so"
        if not library.exists():
            pytest.skip(f"the driver {model} is not built")
        if model not in started:
            started[model] = contract.Driver(library)
        return started[model]

    return driver


class Device:
    """A copy of the shim with a plan of its own, and a driver on it."""

    def __init__(self, driver, library, plan, option, slot=4):
        self.driver, self.library, self.plan, self.option, self.number = driver, library, plan, option, slot
        self.shim = ctypes.CDLL(str(library))
        self.shim.p11shim_count.restype = ctypes.c_ulong
        self.handles = []

    def rule(self, *lines):
        new = self.plan.with_suffix(".new")
        new.write_text("\n".join(lines) + "\n")
        new.rename(self.plan)

    def count(self, function):
        return self.shim.p11shim_count(function.encode())

    def open(self, pin=PIN, concurrency=4):
        hsm = self.driver.open(**{self.option: self.library})
        try:
            slot = hsm.slot(self.number, pin, concurrency)
        except BaseException:
            hsm.close()
            raise
        self.handles.append((slot, hsm))
        return slot

    def close(self):
        self.rule("!replug", "!max-sessions -1")
        while self.handles:
            slot, hsm = self.handles.pop()
            slot.destroy(*(key["id"] for key in slot.list() if key["id"].startswith("f-")))
            slot.close()
            hsm.close()
        assert self.count("violations") == 0


@pytest.fixture
def device(drivers, shim, tmp_path, monkeypatch, request):
    marks = request.node.get_closest_marker("device")
    options = dict(marks.kwargs) if marks else {}
    model = options.pop("model", "pkcs11")
    plan = tmp_path / "plan"
    monkeypatch.setenv("P11SHIM_PLAN", str(plan))
    monkeypatch.setenv("P11SHIM_SLOTS", "4=kms1,0=kms2")
    for name, value in options.items():
        monkeypatch.setenv(name, value)
    library = tmp_path / "libp11shim.so"
    tmp_path.chmod(0o755)
    shutil.copy(shim, library)
    library.chmod(0o644)
    device = Device(drivers(model), library, plan, f"{model}-library".replace("-", "_"))
    device.rule("# nothing yet")
    yield device
    device.close()


def make(slot, name="f-key", flags=contract.EXTRACTABLE):
    made = slot.generate((name, contract.AES, 256, flags))
    assert [key["status"] for key in made] == ["OK"]
    return name


def works(slot, key):
    sealed = slot.seal(key, b"the quick brown fox")
    assert sealed[0] == "OK"
    assert slot.unseal(key, sealed)[:2] == ("OK", b"the quick brown fox")


def test_a_wrong_pin_reaches_the_device_once(device):
    with pytest.raises(contract.CallFailed) as failed:
        device.open(pin="87654321")
    assert failed.value.status == "DENIED" and not failed.value.retryable
    assert device.count("C_Login") == 1


def test_a_pin_that_is_refused_later_is_sent_once_and_never_again(device):
    slot = device.open()
    key = make(slot)
    device.rule("!drop-sessions", "C_Login rv=0xA0")
    for _ in range(20):
        with pytest.raises(contract.CallFailed) as failed:
            slot.seal(key, b"x")
        assert failed.value.status == "DENIED"
    with pytest.raises(contract.CallFailed):
        slot.health()
    assert device.count("C_Login") == 2
    # An operator acts: the slot is closed and opened anew.
    device.rule("# well again")
    slot, hsm = device.handles.pop()
    slot.close()
    hsm.close()
    works(device.open(), key)
    assert not any(PIN in line for line in device.driver.lines)


@pytest.mark.parametrize("fault", [
    "!drop-sessions", "* effect=logout count=1", "!forget", "C_EncryptInit rv=0xB3 count=1",
    "C_EncryptInit rv=0x101 count=1", "C_Encrypt rv=0x32 count=1", "C_EncryptInit rv=0x60 count=1",
    "C_EncryptInit rv=0x82 count=1", "C_Encrypt rv=0x5 count=2", "C_OpenSession rv=0x30 count=1",
    "C_EncryptInit rv=0x190 count=1", "C_EncryptInit rv=0xB0 count=1", "C_Encrypt rv=0x91 count=1",
    "C_EncryptInit rv=0x90 count=1", "C_EncryptInit rv=0xE0 count=1"])
def test_what_was_lost_comes_back_and_nobody_notices(device, fault):
    slot = device.open()
    key = make(slot)
    works(slot, key)

    device.rule(fault)

    works(slot, key)
    assert [found["status"] for found in slot.find(key)] == ["OK"]
    device.rule("# over")
    works(slot, key)
    slot.health()


def test_a_key_is_not_missing_because_nobody_is_logged_in(device):
    slot = device.open()
    key = make(slot)
    device.rule("C_FindObjectsInit effect=logout count=1")

    assert [found["status"] for found in slot.find("f-none", key)] == ["NOT_FOUND", "OK"]
    device.rule("!drop-sessions")
    assert any(found["id"] == key for found in slot.list())


def test_a_device_that_is_unplugged_fails_fast_and_is_back_without_a_restart(device):
    slot = device.open(concurrency=8)
    key = make(slot)
    works(slot, key)
    answers, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            begun = time.monotonic()
            try:
                answers.append((slot.seal(key, b"x")[0], time.monotonic() - begun))
            except contract.CallFailed as failure:
                assert failure.retryable, failure
                answers.append((failure.status, time.monotonic() - begun))
                time.sleep(0.002)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    device.rule("!unplug")
    deadline = time.monotonic() + 20
    while not any(status == "UNAVAILABLE" for status, _ in answers) and time.monotonic() < deadline:
        time.sleep(0.01)
    logins = device.count("C_Login")
    time.sleep(0.5)
    assert device.count("C_Login") == logins, "the PIN was sent to a device that is not there"
    device.rule("!replug")
    seen = len(answers)
    while not any(status == "OK" for status, _ in answers[seen:]) and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()

    assert {status for status, _ in answers} == {"OK", "UNAVAILABLE"}
    assert any(status == "OK" for status, _ in answers[seen:])
    works(slot, key)
    slot.health()


def test_flaky_calls_are_repeated(device):
    slot = device.open()
    key = make(slot)
    device.rule("!seed 7", "C_EncryptInit prob=0.02 rv=5", "C_FindObjectsInit prob=0.02 rv=5")
    for round_ in range(100):
        answers = slot.crypto(*[
            {"op": contract.ENCRYPT, "mechanism": contract.GCM, "key": key, "input": b"x"} for _ in range(20)])
        assert {answer[0] for answer in answers} == {"OK"}, round_


def test_the_warm_path_neither_searches_nor_opens_nor_asks_for_lengths(device):
    slot = device.open()
    key = make(slot)
    works(slot, key)
    before = {name: device.count(name) for name in ("C_FindObjectsInit", "C_OpenSession", "C_Encrypt", "C_Login")}
    for _ in range(100):
        assert slot.seal(key, b"x" * 64)[0] == "OK"
    after = {name: device.count(name) for name in before}
    assert after == {**before, "C_Encrypt": before["C_Encrypt"] + 100}


def test_a_key_that_another_tool_made_anew_is_used_as_it_is_now(device, drivers):
    slot = device.open()
    key = make(slot)
    old = slot.seal(key, b"old")
    works(slot, key)
    # SoftHSM2 in another process: the key goes, another comes under its label.
    tool = ["pkcs11-tool", "--module", TARGET, "--token-label", "kms1", "--login", "--pin", PIN]
    if not shutil.which("pkcs11-tool"):
        pytest.skip("opensc is not installed")
    subprocess.run([*tool, "--delete-object", "--type", "secrkey", "--label", key], check=True, capture_output=True)
    assert slot.crypto({"op": 1, "mechanism": 1, "key": key, "input": b"x"})[0][0] == "NOT_FOUND"
    subprocess.run([*tool, "--keygen", "--key-type", "AES:32", "--label", key], check=True, capture_output=True)

    works(slot, key)
    assert slot.unseal(key, old)[0] == "CRYPTO_FAILED"


def test_an_answer_that_was_lost_leaves_a_key_in_doubt(device):
    slot = device.open()
    device.rule("C_GenerateKey rv=5 do=forward count=1")

    made = slot.generate(("f-lost", contract.AES, 256, contract.EXTRACTABLE))

    assert made[0]["status"] == "UNAVAILABLE" and made[0]["flags"] & contract.IN_DOUBT
    assert slot.find("f-lost")[0]["status"] == "OK"


def test_a_generation_that_fails_for_a_moment_succeeds(device):
    slot = device.open()
    device.rule("C_GenerateKey rv=5 count=2")
    assert slot.generate(("f-again", contract.AES, 256, 0))[0]["status"] == "OK"


def test_a_full_token_says_so_and_keeps_no_half_of_a_pair(device):
    slot = device.open()
    device.rule("C_GenerateKey rv=0x31", "C_GenerateKeyPair rv=0x31")
    assert slot.generate(("f-full", contract.AES, 256, 0))[0]["status"] == "EXHAUSTED"
    pair = [("f-p", contract.RSA_PRIVATE, 2048, 0), ("f-p_pk", contract.RSA_PUBLIC, 2048, 0)]
    assert [half["status"] for half in slot.generate(*pair)] == ["EXHAUSTED", "EXHAUSTED"]
    assert [half["status"] for half in slot.find("f-p", "f-p_pk")] == ["NOT_FOUND", "NOT_FOUND"]


def test_a_write_protected_token_says_so(device):
    slot = device.open()
    device.rule("C_GenerateKey rv=0xE2")
    made = slot.generate(("f-ro", contract.AES, 256, 0))[0]
    assert made["status"] not in ("OK", "INTERNAL")


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_device_with_few_sessions_serves_many(device, most):
    device.rule(f"!max-sessions {most}")
    slot = device.open(concurrency=8)
    key = make(slot)
    failures = []

    def ask():
        for _ in range(20):
            try:
                works(slot, key)
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)


def test_a_call_that_hangs_holds_its_session_and_nobody_else(device):
    slot = device.open(concurrency=2)
    key = make(slot)
    works(slot, key)
    device.rule("C_Encrypt hang=1 count=1")
    begun = time.monotonic()
    with pytest.raises(contract.CallFailed) as failed:
        slot.seal(key, b"x", within=0.3)
    assert failed.value.status == "DEADLINE"
    assert time.monotonic() - begun < 2
    works(slot, key)
    # The other session hangs too: what follows is told so at once.
    device.rule("C_Encrypt hang=1")
    for _ in range(2):
        with pytest.raises(contract.CallFailed):
            slot.seal(key, b"x", within=0.3)
    device.rule("# answers again")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            works(slot, key)
            return
        except contract.CallFailed as failure:
            assert failure.status in ("UNAVAILABLE", "DEADLINE")
            time.sleep(0.02)
    pytest.fail("it does not come back")


def test_a_slow_slot_does_not_slow_another(device):
    slow = device.open()
    other = device.driver.open(**{device.option: device.library})
    fast = other.slot(0, "87654321")
    try:
        a, b = make(slow), make(fast, "f-other")
        works(slow, a)
        works(fast, b)
        device.rule("C_Encrypt delay=700 count=1")
        thread = threading.Thread(target=lambda: slow.seal(a, b"x"))
        thread.start()
        while device.count("C_Encrypt") < 3:
            time.sleep(0.001)
        begun = time.monotonic()
        works(fast, b)
        assert time.monotonic() - begun < 0.5
        thread.join(20)
    finally:
        fast.destroy("f-other")
        fast.close()
        other.close()


def test_damaged_answers_are_errors_and_no_plaintext(device):
    slot = device.open()
    key = make(slot)
    sealed = slot.seal(key, b"the quick brown fox")
    device.rule("C_Decrypt effect=truncate")
    assert slot.unseal(key, sealed)[0] == "CRYPTO_FAILED"
    device.rule("C_Encrypt effect=truncate")
    assert slot.seal(key, b"the quick brown fox")[0] != "OK"
    device.rule("C_Encrypt effect=flip count=1")
    assert slot.unseal(key, slot.seal(key, b"the quick brown fox"))[0] == "CRYPTO_FAILED"


@pytest.mark.device(model="proteccio", P11SHIM_PROFILE="proteccio", P11SHIM_OAEP256="1")
def test_proteccio_takes_no_id_for_secret_keys_and_sha256_alone(device):
    slot = device.open()
    key = make(slot)
    works(slot, key)
    pair = [("f-rsa", contract.RSA_PRIVATE, 2048, 0), ("f-rsa_pk", contract.RSA_PUBLIC, 2048, 0)]
    assert [half["status"] for half in slot.generate(*pair)] == ["OK", "OK"]
    sealed = slot.crypto({"op": 1, "mechanism": contract.OAEP_SHA256, "key": "f-rsa_pk", "input": b"fox"})[0]
    assert sealed[0] == "OK"
    opened = slot.crypto({"op": 2, "mechanism": contract.OAEP_SHA256, "key": "f-rsa", "input": sealed[1]})[0]
    assert opened[:2] == ("OK", b"fox")


@pytest.mark.device(model="utimaco")
def test_utimaco_runs_behind_its_path_and_slot(device):
    device.number = 0
    slot = device.open(pin="87654321")
    key = make(slot)
    works(slot, key)
    device.rule("!drop-sessions")
    works(slot, key)


def test_libraries_that_cannot_be_used_are_refused_with_a_reason(device, tmp_path):
    empty = tmp_path / "empty.c"
    empty.write_text("int nothing;")
    useless = tmp_path / "libuseless.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", useless, empty], check=True)
    useless.chmod(0o644)
    text = tmp_path / "libtext.so"
    text.write_text("hello")
    text.chmod(0o644)
    cut = tmp_path / "libcut.so"
    cut.write_bytes(pathlib.Path(TARGET).read_bytes()[:5000])
    cut.chmod(0o644)
    for path, status, reason in [
            (tmp_path / "missing.so", "NOT_FOUND", "No such file"), (useless, "UNSUPPORTED", "C_GetFunctionList"),
            (text, "UNSUPPORTED", "64-bit"), (cut, "UNSUPPORTED", "truncated")]:
        with pytest.raises(contract.CallFailed) as failed:
            device.driver.open(**{device.option: path})
        assert (failed.value.status, reason in failed.value.message) == (status, True), failed.value


def test_a_library_that_does_not_initialise_is_an_error_that_names_the_code(device):
    device.rule("C_Initialize rv=0x30")
    with pytest.raises(contract.CallFailed) as failed:
        device.driver.open(**{device.option: device.library})
    assert "CKR_DEVICE_ERROR" in failed.value.message
