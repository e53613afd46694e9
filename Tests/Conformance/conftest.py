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
    sources = [path for path in sorted(kit.MEMORY.glob("*.c")) if path.name != "test.c"]
    folder = libraries / "mutant"
    folder.mkdir()
    objects = []
    for source in sources:
        objects.append(folder / (source.stem + ".o"))
        subprocess.run(
            ["cc", "-c", "-std=c11", "-O1", "-D_POSIX_C_SOURCE=200809L", "-pthread", "-fPIC",
             "-Dkms_plugin_entry=memory_entry", f"-I{kit.INCLUDE}", "-o", objects[-1], source], check=True)
    return kit.compile_driver(libraries / "libkms-mutant.so", kit.DRIVERS / "mutant.c", *objects)


@pytest.fixture(scope="session")
def sqlite():
    library = kit.BIN / "libkms-sqlite.so"
    if not library.exists():
        pytest.skip("the SQLite driver is not built")
    return library


@pytest.fixture(scope="session")
def postgresql():
    library = kit.BIN / "libkms-postgresql.so"
    if not library.exists():
        pytest.skip("the PostgreSQL driver is not built")
    return library


@pytest.fixture(scope="session")
def redis_findex():
    library = kit.BIN / "libkms-redis-findex.so"
    if not library.exists():
        pytest.skip("the Redis driver is not built")
    return library


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
def memory_config(tmp_path):
    config = tmp_path / "memory.toml"
    config.write_text('memory-name = "{{scratch}}"\n[check]\ntime-limit = "10s"\n')
    return config


@pytest.fixture
def sqlite_config(tmp_path):
    config = tmp_path / "sqlite.toml"
    config.write_text('sqlite-path = "{{scratch}}"\n')
    return config
