"""A Redis server of a test's own, which keeps what it acknowledged and may be killed."""
import base64
import pathlib
import signal
import subprocess
import time

import kmsd

READY_WITHIN_S = 20
# As cheap as the driver takes it.
COST = {"m": 19456, "t": 2, "p": 1}
MASTER_PASSWORD = "correct horse battery staple"


def options(url):
    """Of a server that keeps its keys there."""
    return ["--database-type=redis-findex", f"--database-url={url}",
            f"--redis-master-password={MASTER_PASSWORD}", f"--redis-argon2-memory={COST['m']}",
            f"--redis-argon2-passes={COST['t']}", f"--redis-argon2-lanes={COST['p']}"]


class Redis:
    """`more` are options of the server's own."""

    def __init__(self, folder, *more):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.port = kmsd.free_port()
        self.more = more
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync",
             "always", "--rdbcompression", "no", "--save", "", "--dir", str(self.folder), "--aof-use-rdb-preamble", "no",
             *self.more],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < end:
            if self.cli("PING", check=False) == "PONG":
                return self
            time.sleep(0.02)
        raise TimeoutError("Redis did not start")

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def cli(self, *words, check=True):
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True, errors="replace", timeout=30)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    @property
    def options(self):
        return options(self.url)

    def files(self):
        """Every byte that Redis has written."""
        self.cli("SAVE")
        return {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


class Sentinel:
    """Watches over a master, alone, and makes a replica the master when it is gone."""

    def __init__(self, folder, master):
        self.port = kmsd.free_port()
        self.config = pathlib.Path(folder) / f"sentinel-{self.port}.conf"
        self.config.write_text(
            f"port {self.port}\nbind 127.0.0.1\nsentinel monitor keys 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds keys 500\nsentinel failover-timeout keys 3000\n")
        self.process = subprocess.Popen(
            ["redis-server", str(self.config), "--sentinel"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, *words):
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), "SENTINEL", *words], capture_output=True, text=True, timeout=10)
        return done.stdout.split()

    def kill(self):
        self.process.kill()
        self.process.wait()


def make_certificates(folder):
    """An authority, and certificates by it for a server on 127.0.0.1 and for a client; another authority."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=folder)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for authority in ("ca", "other"):
        openssl("req", "-x509", *key, "-days", 2, "-subj", f"/CN={authority}", "-keyout", f"{authority}.key", "-out",
                f"{authority}.crt")
    for name, alternative in {"server": "IP:127.0.0.1", "stranger": "DNS:elsewhere", "client": "DNS:client"}.items():
        openssl("req", "-new", *key, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", 2,
                "-extfile", f"{name}.ext", "-out", f"{name}.crt")
    return folder


def forms(word):
    """A word as it might be written: bytes, hexadecimal, base64 at each alignment, UTF-16."""
    raw = word.encode() if isinstance(word, str) else word
    yield from {raw, raw.lower(), raw.upper()}
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    if isinstance(word, str):
        yield word.encode("utf-16-le")
        yield word.encode("utf-16-be")
    for start in range(3):
        whole = raw[start:]
        whole = whole[:len(whole) // 3 * 3]
        yield base64.b64encode(whole)
        yield base64.urlsafe_b64encode(whole)
