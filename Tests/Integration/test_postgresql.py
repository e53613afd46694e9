"""The server on PostgreSQL, set up as its page says."""
import os
import re
import subprocess
import time
import uuid

import pytest

import kmsd

PAGE = (kmsd.ROOT / "Documentation/postgresql.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def superuser():
    if not (kmsd.BIN / "libkms-postgresql.so").exists():
        pytest.skip("the PostgreSQL driver is not built")
    url = os.environ.get("CLAVIGER_TEST_POSTGRES")
    assert url, "put Tests/Servers/run before the command: CLAVIGER_TEST_POSTGRES names no server"
    return url


def psql(url, statement):
    return subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url],
        check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def database(superuser):
    """Follows the page, with names of the test's own; gives the words that stand for the page's."""
    own = uuid.uuid4().hex[:12]
    address = re.search(r"@([^/]+)/", superuser)[1]
    words = {"pgsql-server:5432": address, "kms_user": f"user_{own}", "/kms": f"/kms_{own}",
             "database kms ": f"database kms_{own} ", "kms_password": f"pw{own}"}

    def own_words(text):
        for theirs, ours in words.items():
            text = text.replace(theirs, ours)
        return text

    for statement in re.search(r"^```sql\n(.*?)^```$", PAGE, re.M | re.S)[1].splitlines():
        psql(superuser, own_words(statement))
    own_words.password = f"pw{own}"
    yield own_words
    psql(superuser, f"drop database kms_{own} with (force)")
    psql(superuser, f"drop role user_{own}")


def page_options(own_words):
    command = re.search(r"^kmsd (--database-type=postgresql.*?)^```$", PAGE, re.M | re.S)[1]
    return own_words(command).replace("\\\n", " ").split()


def test_the_page_leads_to_a_server_that_keeps_its_keys(database, new_server):
    server = new_server(driver=page_options(database)).start()
    server.create(identifier="kept")
    server.stop()

    again = new_server(driver=page_options(database)).start()

    assert "kept" in str(again.get("/objects/owned"))
    assert database.password not in server.log() + again.log()


def test_two_servers_share_a_database(database, new_server, tmp_path):
    one = new_server(tmp_path / "one", driver=page_options(database)).start()
    two = new_server(tmp_path / "two", driver=page_options(database)).start()

    one.create(identifier="shared")

    assert "shared" in str(two.get("/objects/owned"))


def test_the_password_may_lie_in_a_file(database, new_server, tmp_path):
    (tmp_path / "password").write_text(database.password)
    options = [option.replace(f":{database.password}@", "@") for option in page_options(database)]

    server = new_server(driver=[*options, f"--postgresql-password-file={tmp_path / 'password'}"]).start()

    assert server.create()


def test_a_wrong_password_ends_the_start_and_is_told_nobody(database, new_server):
    options = [option.replace(database.password, "canary-77f0") for option in page_options(database)]

    with pytest.raises(kmsd.NotStarted) as ended:
        new_server(driver=options).start()

    assert "password authentication failed" in ended.value.log
    assert "canary" not in ended.value.log


def test_health_tells_that_the_database_is_away_and_when_it_is_back(superuser, new_server):
    own = f"health_{uuid.uuid4().hex}"
    psql(superuser, f"create database {own}")
    url = superuser.rsplit("/", 1)[0] + "/" + own
    server = new_server(driver=["--database-type=postgresql", f"--database-url={url}"]).start()
    assert server.session.get(f"{server.url}/health", timeout=5).status_code == 200

    psql(superuser, f"alter database {own} allow_connections false")
    psql(superuser, f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{own}'")
    away = server.session.get(f"{server.url}/health", timeout=5)
    assert away.status_code == 503
    slowest = max(server.session.get(f"{server.url}/health", timeout=5).elapsed.total_seconds() for _ in range(20))
    assert slowest < 0.1

    psql(superuser, f"alter database {own} allow_connections true")
    limit = time.monotonic() + 10  # pauses between attempts are at most three seconds
    while server.session.get(f"{server.url}/health", timeout=5).status_code != 200:
        assert time.monotonic() < limit
        time.sleep(0.05)
    server.stop()
    psql(superuser, f"drop database {own} with (force)")
