"""A database that cannot be used ends the start with a clear error, at once, and tells no secret."""
import os
import pathlib
import uuid

import pytest

import database_server
import databases
import kmsd
from proxy import Proxy

PASSWORD = "canary-5d1e"
# One failed attempt, and perhaps one without TLS.
CONNECTIONS_MAX = 2


@pytest.fixture(params=[databases.PostgreSQL, databases.MariaDB], ids=lambda backend: backend.__name__)
def database(request, tmp_path):
    made = request.param(tmp_path / "database")
    yield made
    made.drop()


@pytest.fixture
def proxy(database):
    """Counts the connections on their way to the database."""
    between = Proxy(database.server_url.port)
    yield between
    between.close()


def url(database, proxy, *, user=None, password=None, name=None):
    server = database.server_url
    place = f"{user or server.username}:{password or server.password}@127.0.0.1:{proxy.port}"
    return server._replace(netloc=place, path=f"/{name or database.name}").geturl()


def refused(database, *options):
    """What the server wrote before it ended."""
    server = kmsd.Server(
        database.folder, driver=[f"--database-type={database.database_type}", *options, "--log-level=trace"])
    with pytest.raises(kmsd.NotStarted) as ended:
        try:
            server.launch().wait_until_ready()
        finally:
            server.kill()
    assert ended.value.status == 1
    assert PASSWORD not in ended.value.log and database.server_url.password not in ended.value.log
    return ended.value.log


def test_a_wrong_password(database, proxy):
    log = refused(database, f"--database-url={url(database, proxy, password=PASSWORD)}")

    assert "password authentication failed" in log or "Access denied" in log
    assert proxy.accepted <= CONNECTIONS_MAX


def test_an_unknown_database(database, proxy):
    log = refused(database, f"--database-url={url(database, proxy, name='nowhere')}")

    assert "nowhere" in log
    assert proxy.accepted <= CONNECTIONS_MAX


def test_missing_rights(database, proxy):
    user = f"u{uuid.uuid4().hex[:12]}"
    database.make_user(user, PASSWORD)

    log = refused(database, f"--database-url={url(database, proxy, user=user, password=PASSWORD)}")
    database.drop_user(user)

    assert "denied" in log and "grant the right" in log
    assert proxy.accepted <= 2 * CONNECTIONS_MAX


def test_a_server_that_is_not_there(database, proxy):
    with proxy.unreachable():
        log = refused(database, f"--database-url={url(database, proxy)}")

    assert f"127.0.0.1:{proxy.port}" in log
    assert proxy.accepted <= CONNECTIONS_MAX


def test_certificates_that_the_server_does_not_take(database, proxy):
    own = url(database, proxy, user="certified", password="unused")
    if database.database_type == "postgresql":
        folder = pathlib.Path(os.environ["CLAVIGER_TEST_POSTGRES_CERTIFICATES"])
        words = {"expired": "expired", "stranger": "unknown ca"}
        options = {name: [f"--database-url={own}?sslmode=verify-full&sslrootcert={folder}/ca.crt"
                          f"&sslcert={folder}/{name}.crt&sslkey={folder}/{name}.key"] for name in words}
    else:
        folder = pathlib.Path(os.environ["CLAVIGER_TEST_MARIADB_TLS"])
        words = {"expired": "expired", "other": "refused the certificate"}
        options = {name: [f"--database-url={own.replace('certified:unused@', '')}", f"--mysql-user-cert-file={folder}/{name}.p12",
                          "--mysql-user-cert-password=changeit"] for name in words}
    for name, word in words.items():
        before = proxy.accepted
        log = refused(database, *options[name])

        assert word in log, log
        assert "changeit" not in log
        assert proxy.accepted - before <= CONNECTIONS_MAX


@pytest.mark.parametrize("backend", database_server.SERVERS, ids=lambda backend: backend.__name__)
def test_a_server_that_only_reads(backend, tmp_path):
    if not (kmsd.BIN / f"libkms-{backend.database_type}.so").exists():
        pytest.skip(f"the driver {backend.database_type} is not built")
    running = backend()
    try:
        running.only_read()
        with pytest.raises(kmsd.NotStarted) as ended:
            kmsd.Server(tmp_path, driver=running.options).launch().wait_until_ready()
    finally:
        running.remove()

    assert ended.value.status == 1 and "only reads" in ended.value.log
