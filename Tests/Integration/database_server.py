"""A database server of a test's own, which the test may stop, start again, or replace by its standby."""
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse

import kmsd


class DatabaseServer:
    """A server that `Tests/Servers/PROGRAM` runs in a folder of its own."""

    program: str
    database_type: str

    def __init__(self, *start):
        # Not below the test's folder: the server is another user, who could not reach it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"claviger-{self.program}-"))
        self.folder.chmod(0o755)
        self.url = self.call(*(start or ["start"]))

    def call(self, command, *words):
        done = subprocess.run(
            [kmsd.ROOT / "Tests/Servers" / self.program, command, self.folder, *words], check=True,
            stdout=subprocess.PIPE, text=True, timeout=120)
        return done.stdout.strip()

    @property
    def port(self):
        return urllib.parse.urlsplit(self.url).port

    @property
    def options(self):
        """What makes a kmsd use it."""
        return self.options_for(self.url)

    def options_for(self, url):
        return [f"--database-type={self.database_type}", f"--database-url={url}"]

    def through(self, port):
        """The options for a kmsd that reaches it through `port`."""
        return self.options_for(self.url.replace(f":{self.port}/", f":{port}/"))

    def stop(self):
        self.call("stop")

    def resume(self):
        self.call("resume")

    def remove(self):
        subprocess.run([kmsd.ROOT / "Tests/Servers" / self.program, "stop", self.folder], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder)


class PostgreSQL(DatabaseServer):
    program = "postgres"
    database_type = "postgresql"

    def standby(self):
        """A copy that has each commit before it is acknowledged."""
        return PostgreSQL("standby", self.folder)

    def promote(self):
        self.call("promote")

    def psql(self, statement):
        subprocess.run(["psql", "-X", "-q", "-c", statement, self.url], check=True, stdout=subprocess.DEVNULL, timeout=30)

    def options_with(self, standby):
        """The options for a kmsd that finds out which of the two is the primary."""
        here, there = (f"127.0.0.1:{server.port}" for server in (self, standby))
        return self.options_for(self.url.replace(here, f"{here},{there}") + "?target_session_attrs=read-write")


class MariaDB(DatabaseServer):
    program = "mariadb"
    database_type = "mysql"


SERVERS = [PostgreSQL, MariaDB]
