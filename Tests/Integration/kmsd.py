"""One server process under test: started on a free port, watched until ready, stopped."""
import contextlib
import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.parse

import requests

import ttlv

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = (ROOT / os.environ.get("CLAVIGER_BIN", ".build/release")).resolve()
READY_WITHIN_S = 20.0
PR_SET_PDEATHSIG = 1


class Refused(Exception):
    """An answer other than 200: `status` and the plain `text` of its body."""

    def __init__(self, status, text):
        super().__init__(f"{status} {text}")
        self.status, self.text = status, text


class NotStarted(Exception):
    """The server ended before it was ready; holds its exit status and what it wrote."""

    def __init__(self, status, log):
        super().__init__(f"kmsd ended with {status}:\n{log}")
        self.status, self.log = status, log


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A kmsd over the SQLite files of `folder`, which outlive it; `driver` has the options of another driver.

    With `ca`, the file of the authority that its clients trust, it speaks HTTPS."""

    def __init__(self, folder, *, user="admin", options=(), driver=None, port=None, binary=None, ca=None,
                 hostname="127.0.0.1"):
        self.folder, self.user, self.options = pathlib.Path(folder), user, list(options)
        self.driver = driver or ["--database-type=sqlite", f"--sqlite-path={self.folder / 'data'}"]
        self.fixed_port, self.binary = port, binary or BIN / "kmsd"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None
        self.ca, self.hostname = ca, hostname
        self.session = self.new_session()

    def new_session(self, cert=None, token=None):
        """A client's connections: with a certificate and key (two paths), with a bearer token."""
        session = requests.Session()
        # Else a bundle that the environment names would take the place of the test's authority.
        session.trust_env = False
        session.verify, session.cert = self.ca or True, cert
        if token is not None:
            session.headers["Authorization"] = f"Bearer {token}"
        return session

    # Life

    def launch(self):
        """Starts the process without waiting for it."""
        self.port = self.fixed_port or free_port()
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        self.log_path = logs / f"{urllib.parse.quote(self.user, safe='')}-{self.port}.log"
        settings = logs / "kms.toml"
        settings.touch()
        command = [
            str(self.binary), *self.driver, f"--hostname={self.hostname}", f"--port={self.port}", f"--default-username={self.user}", *self.options]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("KMS_", "COSMIAN_"))}
        # An empty file of our own, so that no file of the machine is read.
        environment["KMS_CONF"] = str(settings)
        prctl = ctypes.CDLL(None).prctl
        self.started = time.monotonic()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                # A test run that is itself killed leaves no server behind.
                preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        return self

    def wait_until_ready(self):
        """Waits for the first answered request; returns the seconds since the launch."""
        while time.monotonic() - self.started < READY_WITHIN_S:
            if (status := self.process.poll()) is not None:
                raise NotStarted(status, self.log())
            # Over TLS perhaps only somebody with a certificate has an answer.
            if self.ca and " kmsd: ready " in self.log():
                return time.monotonic() - self.started
            with contextlib.suppress(requests.ConnectionError):
                # Who must authenticate is told so by a server that is ready.
                if self.session.get(f"{self.url}/version", timeout=5).status_code in (200, 401):
                    return time.monotonic() - self.started
            time.sleep(0.005)
        raise TimeoutError(f"not ready after {READY_WITHIN_S} s:\n{self.log()}")

    def start(self):
        """Starts and waits; another port when somebody took the free one in between."""
        for attempt in range(3):
            try:
                self.launch()
                self.ready_s = self.wait_until_ready()
                return self
            except NotStarted as ended:
                if "address already in use" not in ended.log.lower() or attempt == 2:
                    raise

    def stop(self, within=15):
        """SIGTERM; returns the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {within} s of SIGTERM:\n{self.log()}") from None

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()
        self.session.close()
        self.session = self.new_session()

    def is_running(self):
        return self.process.poll() is None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()

    # Requests

    @property
    def url(self):
        return f"{'https' if self.ca else 'http'}://127.0.0.1:{self.port}"

    def post(self, body, path="/kmip/2_1", session=None, **options):
        """Posts bytes, text or an item; answers requests' response."""
        if isinstance(body, dict):
            body = ttlv.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        headers = {"content-type": "application/json", **options.pop("headers", {})}
        return (session or self.session).post(
            self.url + path, data=body, headers=headers, timeout=options.pop("timeout", 30), **options)

    def kmip(self, item, session=None):
        """One operation: the answer's item, or Refused."""
        answer = self.post(item, session=session)
        if answer.status_code != 200:
            raise Refused(answer.status_code, answer.text)
        return answer.json()

    def get(self, path, **options):
        answer = self.session.get(self.url + path, timeout=30, **options)
        if answer.status_code != 200:
            raise Refused(answer.status_code, answer.text)
        return answer.json()

    def access(self, verb, identifier, user, *rights):
        """Grants or revokes rights; the answer's JSON, or Refused."""
        body = {"user_id": user, "operation_types": list(rights)}
        if identifier is not None:
            body["unique_identifier"] = identifier
        answer = self.post(json.dumps(body), path=f"/access/{verb}")
        if answer.status_code != 200:
            raise Refused(answer.status_code, answer.text)
        return answer.json()

    def create(self, session=None, **options):
        """Creates a symmetric key; its identifier."""
        return ttlv.child(self.kmip(ttlv.create(**options), session=session), "UniqueIdentifier")
