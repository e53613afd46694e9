"""What clients see while the database is away, and what they find when it is back."""
import statistics
import time

import pytest
import requests

import database_server
import kmsd
from load import Creates
from proxy import Proxy

# A request waits this long for the database; then it is refused.
TIMEOUT_S = 4
SHORT = [f"--request-timeout={TIMEOUT_S}s"]
# Pauses between attempts to connect are at most three seconds.
HEALED_WITHIN_S = 10


@pytest.fixture(params=database_server.SERVERS, ids=lambda backend: backend.__name__)
def backend(request):
    """A database server of the test's own."""
    if not (kmsd.BIN / f"libkms-{request.param.database_type}.so").exists():
        pytest.skip(f"the driver {request.param.database_type} is not built")
    running = request.param()
    yield running
    running.remove()


# The kinds of which a test can have a standby.
replicated = pytest.mark.parametrize("backend", [database_server.PostgreSQL], indirect=True)


@pytest.fixture
def standby(backend):
    copy = backend.standby()
    yield copy
    copy.remove()


@pytest.fixture
def proxy(backend):
    between = Proxy(backend.port)
    yield between
    between.close()


def health(server):
    """The status, and how long it took."""
    answer = requests.get(f"{server.url}/health", timeout=5)
    return answer.status_code, answer.elapsed.total_seconds()


def wait_until_healthy(server):
    limit = time.monotonic() + HEALED_WITHIN_S
    while health(server)[0] != 200:
        assert time.monotonic() < limit, server.log()
        time.sleep(0.05)


@pytest.mark.parametrize("outage_s", [1, 30])
def test_a_restart_of_the_database_loses_and_doubles_nothing(backend, new_server, tmp_path, rounds, outage_s):
    if outage_s > 1 and rounds < 10:
        pytest.skip("a long outage is for the long run")
    servers = [new_server(tmp_path / name, driver=backend.options, options=SHORT).start() for name in ("one", "two")]
    with Creates(servers) as load:
        load.wait_for(50)
        backend.stop()
        time.sleep(outage_s)
        backend.resume()
        load.wait_for(50, within_s=HEALED_WITHIN_S + TIMEOUT_S)
    load.check(servers[0])
    assert load.unanswered == set(), "the servers were there all the time"
    assert load.slowest_s < TIMEOUT_S + 2
    if outage_s == 1:
        assert load.refused == {}, load.summary()


@replicated
def test_a_failover_loses_and_doubles_nothing(backend, standby, new_server, tmp_path):
    options = backend.options_with(standby)
    servers = [new_server(tmp_path / name, driver=options, options=SHORT).start() for name in ("one", "two")]
    with Creates(servers) as load:
        load.wait_for(50)
        backend.stop()
        standby.promote()
        load.wait_for(50, within_s=HEALED_WITHIN_S + TIMEOUT_S)
    load.check(servers[1])
    assert load.unanswered == set(), "the servers were there all the time"
    assert load.slowest_s < TIMEOUT_S + 2


@replicated
def test_what_the_standby_does_not_have_is_not_acknowledged(backend, standby, new_server):
    server = new_server(driver=backend.options, options=SHORT).start()
    server.create()
    standby.stop()
    with Creates([server], clients=4) as load:
        limit = time.monotonic() + 2 * TIMEOUT_S
        while len(load.refused) < 4:
            # The server gives up waiting, and has the key all the same.
            backend.psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            backend.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' LIMIT 1")
            assert time.monotonic() < limit, load.summary()
        assert load.acknowledged == {}
        standby.resume()
        load.wait_for(20, within_s=HEALED_WITHIN_S + TIMEOUT_S)
    load.check(server)


@replicated
def test_a_server_that_starts_on_a_standby_alone_says_so(backend, standby, new_server):
    new_server(driver=backend.options).start().stop()

    with pytest.raises(kmsd.NotStarted) as ended:
        new_server(driver=standby.options).start()

    assert "read-only" in ended.value.log or "standby" in ended.value.log, ended.value.log


def test_connections_that_break_under_load_are_not_seen(backend, proxy, new_server, rounds):
    server = new_server(driver=backend.through(proxy.port), options=SHORT).start()
    with Creates([server]) as load:
        for _ in range(4 * rounds):
            load.wait_for(20)
            proxy.cut()
        load.wait_for(20)
    load.check(server)
    assert load.refused == {} and load.unanswered == set(), load.summary()


def test_a_slow_network_only_slows(backend, proxy, new_server):
    server = new_server(driver=backend.through(proxy.port), options=SHORT).start()
    with Creates([server]) as load:
        load.wait_for(20)
        proxy.delay_s = 0.05
        load.wait_for(20)
    proxy.delay_s = 0
    assert load.refused == {} and load.unanswered == set(), load.summary()
    load.check(server)


@pytest.mark.parametrize("fault", ["silent", "unreachable"])
def test_nothing_waits_for_ever_for_a_network_that_is_gone(backend, proxy, new_server, fault):
    server = new_server(driver=backend.through(proxy.port), options=SHORT).start()
    with Creates([server]) as load:
        load.wait_for(20)
        with getattr(proxy, fault)():
            begun, seconds = time.monotonic(), []
            while time.monotonic() - begun < TIMEOUT_S + 2:
                status, took = health(server)
                seconds.append(took)
                time.sleep(0.1)
            assert status == 503
            # The median: on a busy machine a single answer may be late for reasons of its own.
            assert statistics.median(seconds) < 0.1
        load.wait_for(20, within_s=HEALED_WITHIN_S + TIMEOUT_S)
    wait_until_healthy(server)
    load.check(server)
    assert load.unanswered == set(), "the server was there all the time"
    assert load.refused, "the fault lasted longer than a request may"
    assert load.slowest_s < TIMEOUT_S + 2


def test_a_server_that_cannot_reach_its_database_at_start_ends_in_time(backend, proxy, new_server):
    with proxy.silent():
        begun = time.monotonic()
        with pytest.raises(kmsd.NotStarted):
            new_server(driver=backend.through(proxy.port)).start()
    assert time.monotonic() - begun < kmsd.READY_WITHIN_S
