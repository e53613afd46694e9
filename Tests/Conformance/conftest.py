import itertools
import os
import subprocess
import urllib.parse
import uuid

import pytest

import kit

redis_numbers = itertools.count(12001)


@pytest.fixture(scope="session")
def libraries(tmp_path_factory):
    """A folder for drivers that nobody else can write."""
    folder = tmp_path_factory.mktemp("drivers")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def memory(libraries):
    subprocess.run(["make", "-s", "-C", kit.MEMORY, f"OUT={libraries}", "all"], check=True)
    return libraries / "libkms-memory.so"


@pytest.fixture(scope="session")
def file_driver(libraries):
    subprocess.run(["make", "-s", "-C", kit.FILE, f"OUT={libraries}", "all"], check=True)
    return libraries / "libkms-file.so"


@pytest.fixture(scope="session")
def mutant(libraries):
    """The memory driver, with one rule broken that MUTANT names."""
    return kit.compile_mutant(libraries / "mutant")


@pytest.fixture(scope="session")
def sqlite():
    return built("sqlite")


@pytest.fixture(scope="session")
def postgresql():
    return built("postgresql")


def built(model):
    library = kit.BIN / f"libkms-{model}.so"
    if not library.exists():
        pytest.skip(f"the driver {model} is not built")
    return library


@pytest.fixture(scope="session")
def redis_findex():
    return built("redis-findex")


@pytest.fixture
def redis_database():
    """Makes URLs of empty databases, by numbers that no other suite uses."""
    server = os.environ.get("CLAVIGER_TEST_REDIS")
    assert server, "put Tests/Servers/run before the command: CLAVIGER_TEST_REDIS names no server"

    def make(*command):
        url = f"{server}/{next(redis_numbers)}"
        for arguments in [["FLUSHDB"], command]:
            if arguments:
                subprocess.run(["redis-cli", "--no-auth-warning", "-u", url, *arguments], check=True, capture_output=True)
        return url

    return make


@pytest.fixture
def softhsm2(tmp_path):
    """SoftHSM2's driver, and a configuration of the kit with the token kms1."""
    token = os.environ.get("CLAVIGER_TEST_SOFTHSM2")
    if not token:
        pytest.skip("put Tests/Servers/run before the command, and install softhsm2")
    config = tmp_path / "softhsm2.toml"
    config.write_text(
        f'softhsm2-configuration = "{token}"\n[check]\ntime-limit = "60s"\n'
        '[check.hsm]\nslot = "kms1"\npin = "12345678"\n')
    return built("softhsm2"), config


@pytest.fixture
def any_token(tmp_path, monkeypatch):
    """The driver for any library, with SoftHSM2's and its token kms2."""
    token = os.environ.get("CLAVIGER_TEST_SOFTHSM2")
    if not token:
        pytest.skip("put Tests/Servers/run before the command, and install softhsm2")
    monkeypatch.setenv("SOFTHSM2_CONF", token)
    config = tmp_path / "pkcs11.toml"
    config.write_text(
        'pkcs11-library = "/usr/lib/softhsm/libsofthsm2.so"\npkcs11-oaep = "sha1"\n'
        'pkcs11-keeps-dates = false\n[check]\ntime-limit = "60s"\n'
        '[check.hsm]\nslot = "kms2"\npin = "87654321"\n')
    return built("pkcs11"), config


@pytest.fixture
def opencryptoki(tmp_path):
    """The driver for any library, with a token of opencryptoki, whose daemon serves the machine."""
    slot, pin = (os.environ.get(f"CLAVIGER_TEST_OPENCRYPTOKI_{name}") for name in ("SLOT", "PIN"))
    if not slot or not pin:
        pytest.skip("CLAVIGER_TEST_OPENCRYPTOKI_SLOT and _PIN name no token of opencryptoki")
    library = "/usr/lib/x86_64-linux-gnu/opencryptoki/libopencryptoki.so.0"
    config = tmp_path / "opencryptoki.toml"
    config.write_text(
        f'pkcs11-library = "{library}"\n[check]\ntime-limit = "60s"\n'
        f'[check.hsm]\nslot = {slot}\npin = "{pin}"\n')
    return built("pkcs11"), config


@pytest.fixture
def postgresql_schema():
    """Makes URLs of schemas of a test's own."""
    server = os.environ.get("CLAVIGER_TEST_POSTGRES")
    assert server, "put Tests/Servers/run before the command: CLAVIGER_TEST_POSTGRES names no server"
    made = []

    def run(*statements):
        for statement in statements:
            subprocess.run(["psql", "-X", "-q", "-c", statement, server], check=True, capture_output=True)

    def make(*statements):
        name = f"kit_{uuid.uuid4().hex}"
        run(f"CREATE SCHEMA {name}")
        made.append(name)
        run(*(f"SET search_path = {name}; {statement}" for statement in statements))
        return f"{server}?options=-csearch_path%3D{name}"

    make.run = lambda url, statement: run(f"SET search_path = {url.rsplit('%3D')[-1]}; {statement}")
    yield make
    for name in made:
        run(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(scope="session")
def mysql():
    library = kit.BIN / "libkms-mysql.so"
    if not library.exists():
        pytest.skip("the driver for MySQL and MariaDB is not built")
    return library


@pytest.fixture
def mariadb_database():
    """Makes URLs of databases of a test's own."""
    server = os.environ.get("CLAVIGER_TEST_MARIADB")
    assert server, "put Tests/Servers/run before the command: CLAVIGER_TEST_MARIADB names no server"
    url = urllib.parse.urlsplit(server)
    made = []

    def run(name, *statements):
        for statement in statements:
            subprocess.run(
                ["mariadb", "--no-defaults", "--protocol=tcp", f"--host={url.hostname}", f"--port={url.port}",
                 f"--user={url.username}", "-e", statement, name],
                env={**os.environ, "MYSQL_PWD": url.password}, check=True, capture_output=True)

    def make(*statements):
        name = f"kit_{uuid.uuid4().hex}"
        run("information_schema", f"CREATE DATABASE {name}")
        made.append(name)
        run(name, *statements)
        return url._replace(path=f"/{name}").geturl()

    make.run = lambda url, statement: run(url.rsplit("/", 1)[-1], statement)
    yield make
    for name in made:
        run("information_schema", f"DROP DATABASE {name}")


@pytest.fixture
def postgresql_proxied(postgresql_schema, tmp_path):
    """A configuration that lets the kit put a proxy before the server."""
    config = tmp_path / "proxied.toml"
    config.write_text(f'database-url = "{kit.proxied(postgresql_schema())}"\n[check]\nerase = true\n')
    return config


@pytest.fixture
def memory_config(tmp_path):
    config = tmp_path / "memory.toml"
    config.write_text('memory-name = "{{scratch}}"\n[check]\ntime-limit = "10s"\n')
    return config


@pytest.fixture
def sqlite_config(tmp_path):
    config = tmp_path / "sqlite.toml"
    config.write_text('sqlite-path = "{{scratch}}"\n')
    return config
