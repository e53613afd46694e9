"""The server on Redis: what Redis sees of it, what survives, and what another program makes of the index."""
import ctypes
import hashlib
import os
import re
import threading
import uuid

import pytest

import kmsd
import redis_server
import ttlv

ROUNDS = int(os.environ.get("ROUNDS", "3"))


@pytest.fixture
def own(tmp_path):
    if not (kmsd.BIN / "libkms-redis-findex.so").exists():
        pytest.skip("the Redis driver is not built")
    server = redis_server.Redis(tmp_path / "redis").start()
    yield server
    server.kill()


def by_tag(server, *tags):
    return sorted(ttlv.located(server.kmip(ttlv.locate_tags(*tags))))


def test_keys_outlive_the_server_and_redis(own, new_server):
    server = new_server(driver=own.options).start()
    server.create(identifier="kept", tagged=["one", "two"])
    before = ttlv.material(server.kmip(ttlv.get("kept")))
    server.stop()
    own.kill()
    own.start()

    again = new_server(driver=own.options).start()

    assert ttlv.material(again.kmip(ttlv.get("kept"))) == before
    assert by_tag(again, "one", "two") == ["kept"]
    assert redis_server.MASTER_PASSWORD not in server.log() + again.log()


def test_servers_share_a_database(own, new_server, tmp_path):
    alice = new_server(tmp_path / "alice", driver=own.options, user="alice").start()
    bob = new_server(tmp_path / "bob", driver=own.options, user="bob").start()
    alice.create(identifier="shared", tagged=["both"])

    assert by_tag(bob, "both") == []
    alice.access("grant", "shared", "bob", "get", "locate")
    assert by_tag(bob, "both") == ["shared"]
    assert bob.kmip(ttlv.get("shared")) == alice.kmip(ttlv.get("shared"))
    alice.access("revoke", "shared", "bob", "get", "locate")
    with pytest.raises(kmsd.Refused):
        bob.kmip(ttlv.get("shared"))


def test_another_password_or_label_is_refused(own, new_server, tmp_path):
    new_server(driver=own.options).start().create(identifier="kept")
    for number, (option, words) in enumerate({
            "--redis-master-password=wrong": "wrong master password for this database",
            "--redis-findex-label=other": "another redis-findex-label"}.items()):
        options = [o for o in own.options if o.split("=")[0] != option.split("=")[0]] + [option]
        before = own.cli("DEBUG", "DIGEST", check=False)

        with pytest.raises(kmsd.NotStarted, match=words):
            new_server(tmp_path / str(number), driver=options).start()

        assert own.cli("DEBUG", "DIGEST", check=False) == before


def test_nothing_that_redis_writes_is_in_the_clear(own, new_server):
    owner, user, tag, key = (f"{word}-{uuid.uuid4().hex}" for word in ("owner", "user", "tag", "key"))
    server = new_server(driver=own.options, user=owner).start()
    server.create(identifier=key, tagged=[tag])
    server.access("grant", key, user, "get", "encrypt")
    material = ttlv.material(server.kmip(ttlv.get(key)))
    assert by_tag(server, tag) == [key]
    server.kmip(ttlv.revoke(key))
    server.stop()

    files = own.files()

    assert any("dump.rdb" in name for name in files) and any(".aof" in name for name in files)
    for word in (owner, user, tag, key, material, redis_server.MASTER_PASSWORD, "CryptographicAlgorithm", "SymmetricKey"):
        for form in redis_server.forms(word):
            for name, content in files.items():
                assert form not in content, f"{word!r} in {name}"


def test_nothing_acknowledged_is_lost_when_redis_is_killed(own, new_server, tmp_path):
    """Several servers write the same hot tags while Redis is killed."""
    servers = [new_server(tmp_path / f"s{index}", driver=own.options, options=["--request-timeout=5s"]).start()
               for index in range(2)]
    acknowledged = set()

    for round_ in range(ROUNDS):
        stop = threading.Event()

        def write(server, name):
            session = kmsd.requests.Session()
            for number in range(10_000):
                if stop.is_set():
                    return
                identifier = f"{name}-{number}"
                try:
                    server.create(session=session, identifier=identifier, tagged=["hot", name])
                except (kmsd.Refused, kmsd.requests.RequestException):
                    continue
                acknowledged.add(identifier)

        threads = [threading.Thread(target=write, args=(server, f"r{round_}-{index}-{thread}"))
                   for index, server in enumerate(servers) for thread in range(2)]
        for thread in threads:
            thread.start()
        threads[0].join(0.4 + 0.1 * round_)
        own.kill()
        stop.set()
        own.start()
        for thread in threads:
            thread.join()

        found = set(located_when_back(servers[0], "hot"))
        assert acknowledged <= found
        # What is there is whole: found by its other tag too, and readable.
        for name in {identifier.rsplit("-", 1)[0] for identifier in found}:
            assert set(by_tag(servers[1], name)) == {i for i in found if i.rsplit("-", 1)[0] == name}
        for identifier in list(found)[:20]:
            servers[1].kmip(ttlv.get(identifier))
    assert len(acknowledged) > ROUNDS


def located_when_back(server, tag):
    end = kmsd.time.monotonic() + 15
    while True:
        try:
            return by_tag(server, tag)
        except kmsd.Refused:
            if kmsd.time.monotonic() > end:
                raise


class Index:
    """The index through the independent package."""

    def __init__(self, own):
        self.findex = pytest.importorskip("cloudproof_findex")
        key = self.findex.Key.from_bytes(self.seed(own))
        self.index = self.findex.Findex.new_with_redis_interface(key, "label", own.url)

    @staticmethod
    def seed(own):
        """From the password, by libraries of others."""
        salt = bytes.fromhex(own.cli("HGET", "kms:rf1", "salt"))
        master = ctypes.create_string_buffer(32)
        password = redis_server.MASTER_PASSWORD.encode()
        assert ctypes.CDLL("libargon2.so.1").argon2id_hash_raw(
            redis_server.COST["t"], redis_server.COST["m"], redis_server.COST["p"], password, ctypes.c_size_t(len(password)), salt,
            ctypes.c_size_t(len(salt)), master, ctypes.c_size_t(32)) == 0
        return hashlib.shake_256(b"findex" + master.raw).digest(16)

    def search(self, keyword):
        keyword = self.findex.Keyword.from_bytes(keyword)
        return sorted(bytes(location).decode() for location in self.index.search([keyword])[keyword])

    def change(self, name, keyword, uid):
        getattr(self.index, name)({self.findex.Location.from_bytes(uid.encode()): [self.findex.Keyword.from_bytes(keyword)]})


def test_an_independent_package_finds_what_the_server_indexed(own, new_server):
    server = new_server(driver=own.options, user="alice").start()
    for number in range(12):
        server.create(identifier=f"k{number}", tagged=["all", f"mod{number % 3}"])
    server.access("grant", "k1", "bob", "get")
    index = Index(own)

    assert index.search(b"Tall") == sorted(f"k{number}" for number in range(12))
    assert index.search(b"Tmod1") == ["k1", "k10", "k4", "k7"]
    assert index.search(b"Oalice") == index.search(b"Tall")
    assert index.search(b"Ubob") == ["k1"]
    server.access("revoke", "k1", "bob", "get")
    assert index.search(b"Ubob") == []


def test_the_server_reads_and_continues_what_the_package_wrote(own, new_server):
    server = new_server(driver=own.options).start()
    server.create(identifier="a", tagged=["t"])
    server.create(identifier="b", tagged=["t"])
    # More that its owner has: a search starts from what is shorter, here the tag.
    for number in range(10):
        server.create(identifier=f"other-{number}")
    index = Index(own)

    index.change("delete", b"Tt", "a")
    assert by_tag(server, "t") == ["b"]
    index.change("add", b"Tt", "a")
    assert by_tag(server, "t") == ["a", "b"]
    # A uid that has no such tag is never shown, whatever the index says.
    index.change("add", b"Tt", "nobody")
    server.create(identifier="c", tagged=["t"])
    assert by_tag(server, "t") == ["a", "b", "c"]
    assert index.search(b"Tt") == ["a", "b", "c", "nobody"]


def test_the_page_names_every_command_that_is_used(own, new_server):
    page = (kmsd.ROOT / "Documentation/redis-findex.md").read_text(encoding="utf-8")
    words = re.search(r"^ACL (SETUSER kms_user .*?)^```$", page, re.M | re.S)[1].replace("\\\n", " ").split()
    own.cli("ACL", *words)
    options = [o.replace("redis://", "redis://kms_user:kms_password@") for o in own.options]

    server = new_server(driver=options, options=["--cleanup-on-startup"]).start()
    server.create(identifier="k", tagged=["t"])
    server.access("grant", "k", "bob", "get")

    assert by_tag(server, "t") == ["k"]
    assert server.get("/health")["database"] == "up"
    assert "NOPERM" not in server.log()


@pytest.fixture
def new_redis(tmp_path):
    if not (kmsd.BIN / "libkms-redis-findex.so").exists():
        pytest.skip("the Redis driver is not built")
    made = []

    def make(*options):
        made.append(redis_server.Redis(tmp_path / f"redis{len(made)}", *options).start())
        return made[-1]

    yield make
    for server in made:
        server.kill()


def test_tls_is_verified_both_ways(new_redis, new_server, tmp_path):
    certificates = redis_server.make_certificates(tmp_path / "certificates")
    ports = {}
    for name in ("server", "stranger"):
        ports[name] = kmsd.free_port()
        new_redis("--tls-port", str(ports[name]), "--tls-cert-file", f"{certificates}/{name}.crt", "--tls-key-file",
                  f"{certificates}/{name}.key", "--tls-ca-cert-file", f"{certificates}/ca.crt")

    def options(name="server", authority="ca", client=True):
        chosen = redis_server.options(f"rediss://127.0.0.1:{ports[name]}")
        chosen.append(f"--redis-ca-cert={certificates}/{authority}.crt")
        if client:
            chosen += [f"--redis-client-cert={certificates}/client.crt", f"--redis-client-key={certificates}/client.key"]
        return chosen

    server = new_server(driver=options()).start()
    server.create(identifier="k", tagged=["t"])
    assert by_tag(server, "t") == ["k"]
    # More than a record of TLS holds goes through whole.
    server.create(identifier="large", tagged=[f"{number}-" + "x" * 250 for number in range(64)])
    for number in range(100):
        server.create(identifier=f"k{number}", tagged=["many"])
    assert by_tag(server, "63-" + "x" * 250) == ["large"]
    assert len(by_tag(server, "many")) == 100

    refusals = {"certificate": [options(authority="other"), options(name="stranger")], "Redis": [options(client=False)]}
    for words, lists in refusals.items():
        for index, chosen in enumerate(lists):
            with pytest.raises(kmsd.NotStarted, match=words):
                new_server(tmp_path / f"{words}{index}", driver=chosen).start()
    missing = [o for o in options() if not o.startswith("--redis-client-key")]
    with pytest.raises(kmsd.NotStarted, match="belong together"):
        new_server(tmp_path / "half", driver=missing).start()


def eventually(condition, within=20):
    end = kmsd.time.monotonic() + within
    while not condition():
        assert kmsd.time.monotonic() < end, "it did not come true"
        kmsd.time.sleep(0.05)


def test_a_failover_is_followed(new_redis, new_server, tmp_path):
    master = new_redis()
    replica = new_redis("--replicaof", f"127.0.0.1 {master.port}")
    eventually(lambda: "master_link_status:up" in replica.cli("INFO", "replication"))
    sentinel = redis_server.Sentinel(tmp_path, master)
    try:
        eventually(lambda: f"{replica.port}" in sentinel.ask("replicas", "keys"))
        url = f"redis-sentinel://127.0.0.1:1,127.0.0.1:{sentinel.port}/keys/0"
        server = new_server(
            driver=[*redis_server.options(url), "--redis-min-replicas=1"], options=["--request-timeout=5s"]).start()
        server.create(identifier="before", tagged=["t"])
        server.stop()
        # Afterwards there is no replica left, and none is asked for.
        server = new_server(driver=redis_server.options(url), options=["--request-timeout=5s"]).start()

        master.kill()

        eventually(lambda: sentinel.ask("get-master-addr-by-name", "keys") == ["127.0.0.1", f"{replica.port}"])

        def writes():
            try:
                server.create(identifier="after", tagged=["t"])
                return True
            except kmsd.Refused as refused:
                return "exists" in refused.text.lower()

        eventually(writes)
        assert by_tag(server, "t") == ["after", "before"]
        assert replica.cli("ROLE").startswith("master")
    finally:
        sentinel.kill()


def test_a_write_that_no_replica_has_is_not_acknowledged(new_redis, new_server):
    own = new_redis()
    server = new_server(
        driver=[*own.options, "--redis-min-replicas=1"], options=["--request-timeout=5s"]).start()

    with pytest.raises(kmsd.Refused) as refused:
        server.create(identifier="k")
    assert refused.value.status == 503
    with pytest.raises(kmsd.Refused):
        server.kmip(ttlv.get("k"))

    new_redis("--replicaof", f"127.0.0.1 {own.port}")

    def is_there():
        try:
            return bool(server.kmip(ttlv.get("k")))
        except kmsd.Refused:
            return False

    eventually(is_there)


@pytest.mark.parametrize("options, words", [
    (["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"], "noeviction"),
    # By itself the port is 10 000 higher than the other, which may be more than there are.
    (["--cluster-enabled", "yes", "--cluster-port", str(kmsd.free_port())], "cluster mode"),
    (["--replicaof", "127.0.0.1 1"], "replica"),
])
def test_a_server_that_would_lose_keys_is_refused(new_redis, new_server, options, words):
    with pytest.raises(kmsd.NotStarted, match=words):
        new_server(driver=new_redis(*options).options).start()


def test_it_warns_when_nothing_is_kept(new_redis, new_server):
    server = new_server(driver=new_redis("--appendonly", "no").options).start()

    assert "neither an append-only file nor a replica" in server.log()


def test_full_memory_is_an_error_and_changes_nothing(new_redis, new_server):
    own = new_redis()
    server = new_server(driver=own.options, options=["--request-timeout=3s"]).start()
    server.create(identifier="k", tagged=["t"])
    own.cli("CONFIG", "SET", "maxmemory", "1")

    with pytest.raises(kmsd.Refused):
        server.create(identifier="more", tagged=["t"])

    assert by_tag(server, "t") == ["k"]
    own.cli("CONFIG", "SET", "maxmemory", "0")
    server.create(identifier="more", tagged=["t"])
    assert by_tag(server, "t") == ["k", "more"]
