import os
import subprocess
import uuid

import pytest

import databases
import kmsd
from installation import install


def pytest_collection_modifyitems(items):
    """A tree without the SQLite driver has no server to run: its host is tested on the C driver."""
    if not (kmsd.ROOT / "Plugins/sqlite").exists():
        for item in items:
            item.add_marker(pytest.mark.skip(reason="there is no Plugins/sqlite"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def server(shared_folder):
    """A server that tests share: each uses identifiers and tags of its own."""
    with kmsd.Server(shared_folder, user="alice") as running:
        yield running


@pytest.fixture(scope="session")
def bob(server, shared_folder):
    """A second server on the same database file, which acts as another user."""
    with kmsd.Server(shared_folder, user="bob") as running:
        yield running


@pytest.fixture
def new_server(tmp_path):
    """Makes servers over a folder of the test's own, and ends them with it."""
    made = []

    def make(folder=None, **options):
        made.append(kmsd.Server(folder or tmp_path / "server", **options))
        return made[-1]

    yield make
    for running in made:
        running.kill()


@pytest.fixture(params=databases.BACKENDS, ids=lambda backend: backend.__name__)
def make(request, tmp_path):
    """Makes databases of one backend; ends the servers over them with the test."""
    made, servers = [], []

    class Database(request.param):
        def server(self, **options):
            servers.append(super().server(**options))
            return servers[-1]

    def make():
        made.append(Database(tmp_path / f"database-{len(made)}"))
        return made[-1]

    make.backend = request.param
    yield make
    for server in servers:
        server.kill()
    for database in made:
        database.drop()


@pytest.fixture
def make_file(make):
    """Like `make`, on SQLite alone: for tests that look at files or flushes."""
    if make.backend is not databases.SQLite:
        pytest.skip("the data lie in no file of the test's")
    return make


@pytest.fixture(scope="session")
def flush_counter(tmp_path_factory):
    """A library that ends a server at a flush of its database; see its source."""
    library = tmp_path_factory.mktemp("preload") / "flush_counter.so"
    source = kmsd.ROOT / "Tests/Integration/flush_counter.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def unique():
    """A text that no other test uses."""
    return uuid.uuid4().hex


@pytest.fixture(scope="session")
def rounds():
    """How often each fault is repeated."""
    return int(os.environ.get("ROUNDS", "3"))


@pytest.fixture(autouse=True)
def server_survives(request):
    """No test of the shared server may end it."""
    yield
    if "server" in request.fixturenames:
        running = request.getfixturevalue("server")
        assert running.is_running(), running.log()


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    """Everything installed below a prefix of the tests' own."""
    folder = tmp_path_factory.mktemp("prefix")
    folder.chmod(0o755)
    install(folder, sysconfdir=folder / "etc")
    return folder
