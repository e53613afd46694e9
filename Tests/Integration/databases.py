"""The database below a server, reached from the side: to prepare it, to look at it, to break it.

Tests that take `database` run on every backend that has a class here.
"""
import os
import pathlib
import sqlite3
import subprocess
import urllib.parse
import uuid

import pytest

import kmsd

GOLDEN = kmsd.ROOT / "Tests/Golden"

# The exit status of `kmsd db check` for each state.
STATUS = {"ready": 0, "behind": 3, "empty": 3, "upgrading": 4, "ahead": 5, "foreign": 6}


class Database:
    """What all have in common; `folder` is for logs, settings, and the data of those that need no server."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)

    def server(self, **options):
        return kmsd.Server(self.folder, driver=self.options, **options)

    def rows(self):
        """Every row that an upgrade must keep."""
        tables = ["objects ORDER BY oid", "terms ORDER BY term, oid", "uniques ORDER BY term", "changes ORDER BY seq",
                  "grants ORDER BY uid, grantee"]
        return [self.run(f"SELECT * FROM {table}") for table in tables]

    def make_version_1(self):
        """The database that a server of schema version 1 left behind: see Tests/Golden."""
        self.create()
        self.run_script((GOLDEN / f"{self.database_type}-1.sql").read_text(encoding="utf-8"))
        return self

    def command(self, *words, environment=None, within=30):
        """Runs `kmsd WORDS` on this database; the finished process."""
        settings = self.folder / "kms.toml"
        settings.touch()
        return subprocess.run(
            [kmsd.BIN / "kmsd", *words, *self.options], capture_output=True, text=True, timeout=within,
            env={"PATH": "/usr/bin:/bin", "KMS_CONF": str(settings), **(environment or {})})

    def age_leases(self, seconds):
        """As if all leases had been renewed so much earlier: a cleaning server waits so much less."""
        self.run(f"UPDATE leases SET expires = expires - {seconds * 1000}")

    def drop(self):
        """Leaves nothing on a server."""


class SQLite(Database):
    """One file in a folder of the test's own."""

    database_type = "sqlite"

    @property
    def path(self):
        return self.folder / "data" / "kms.db"

    @property
    def options(self):
        return ["--database-type=sqlite", f"--sqlite-path={self.folder / 'data'}"]

    def create(self):
        """Makes it there, and empty: what a server's administrator does before the first start."""
        self.path.parent.mkdir(parents=True)
        self.path.touch()

    def run(self, *statements):
        """Runs statements, each in a transaction of its own; the rows of the last."""
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        try:
            rows = []
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            return rows
        finally:
            connection.close()

    def run_script(self, text):
        connection = sqlite3.connect(self.path)
        connection.executescript(text)
        connection.close()


class OnServer(Database):
    """A database of the test's own on a server that tests share; reached through the server's own client."""

    def __init__(self, folder):
        super().__init__(folder)
        if not (kmsd.BIN / f"libkms-{self.database_type}.so").exists():
            pytest.skip(f"the driver for {self.database_type} is not built")
        server = os.environ.get(self.variable)
        assert server, f"put Tests/Servers/run before the command: {self.variable} names no server"
        self.name = f"test_{uuid.uuid4().hex}"
        self.server_url = urllib.parse.urlsplit(server)
        self.url = self.server_url._replace(path=f"/{self.name}").geturl()
        self.client(self.server_url, f"CREATE DATABASE {self.name}")

    @property
    def options(self):
        return [f"--database-type={self.database_type}", f"--database-url={self.url}"]

    def create(self):
        """It is there from the start."""

    def run(self, *statements):
        rows = []
        for statement in statements:
            rows = self.parse(self.client(urllib.parse.urlsplit(self.url), statement))
        return rows

    def run_script(self, text):
        self.client(urllib.parse.urlsplit(self.url), text)

    @staticmethod
    def parse(output):
        """Rows of tab-separated fields, as SQLite would give them: integers, texts, None."""
        def value(field):
            if field in ("NULL", "\\N"):
                return None
            return int(field) if field.removeprefix("-").isdecimal() else field
        return [tuple(value(field) for field in line.split("\t")) for line in output.split("\n") if line]


class PostgreSQL(OnServer):
    database_type = "postgresql"
    variable = "CLAVIGER_TEST_POSTGRES"

    @staticmethod
    def literal(text):
        return "NULL" if text is None else "'" + text.replace("'", "''") + "'"

    def make_user(self, name, password):
        """Who may log in and read, and nothing else."""
        self.run(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")

    def drop_user(self, name):
        self.client(self.server_url, f"DROP ROLE {name}")

    @staticmethod
    def client(url, sql):
        return subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-P", "null=\\N", "-v", "ON_ERROR_STOP=1", url.geturl()],
            input=sql, check=True, capture_output=True, text=True).stdout

    def drop(self):
        self.client(self.server_url, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class MariaDB(OnServer):
    database_type = "mysql"
    variable = "CLAVIGER_TEST_MARIADB"

    @staticmethod
    def literal(text):
        return "NULL" if text is None else "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"

    def make_user(self, name, password):
        """Who may log in and read, and nothing else."""
        self.run(f"CREATE USER {name} IDENTIFIED BY '{password}'", f"GRANT SELECT ON {self.name}.* TO {name}")

    def drop_user(self, name):
        self.client(self.server_url, f"DROP USER {name}")

    @staticmethod
    def client(url, sql):
        return subprocess.run(
            ["mariadb", "--no-defaults", "--protocol=tcp", "--default-character-set=utf8mb4", "--batch",
             "--skip-column-names", f"--host={url.hostname}", f"--port={url.port}", f"--user={url.username}",
             url.path.lstrip("/")],
            env={**os.environ, "MYSQL_PWD": url.password}, input=sql, check=True, capture_output=True, text=True,
            errors="surrogateescape").stdout

    def drop(self):
        self.client(self.server_url, f"DROP DATABASE IF EXISTS {self.name}")


BACKENDS = [SQLite, PostgreSQL, MariaDB]


def check(database):
    """What `kmsd db check` calls the state; its exit status must agree."""
    done = database.command("db", "check")
    state = next(line.split(": ")[1] for line in done.stdout.splitlines() if line.startswith("state: "))
    assert done.returncode == STATUS[state.split(" ")[0]], done.stderr
    return state
