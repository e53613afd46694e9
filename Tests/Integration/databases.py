"""The database below a server, reached from the side: to prepare it, to look at it, to break it.

Tests that take `database` run on every backend that has a class here.
"""
import pathlib
import sqlite3
import subprocess

import kmsd

GOLDEN = kmsd.ROOT / "Tests/Golden"

# The exit status of `kmsd db check` for each state.
STATUS = {"ready": 0, "behind": 3, "empty": 3, "upgrading": 4, "ahead": 5, "foreign": 6}


class SQLite:
    """One file in a folder of the test's own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)

    @property
    def path(self):
        return self.folder / "data" / "kms.db"

    @property
    def options(self):
        return ["--database-type=sqlite", f"--sqlite-path={self.folder / 'data'}"]

    def server(self, **options):
        return kmsd.Server(self.folder, **options)

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

    def make_version_1(self):
        """The database that a server of schema version 1 left behind: see Tests/Golden."""
        self.path.parent.mkdir(parents=True)
        connection = sqlite3.connect(self.path)
        connection.executescript((GOLDEN / "sqlite-1.sql").read_text(encoding="utf-8"))
        connection.close()
        return self

    def rows(self):
        """Every row that an upgrade must keep."""
        tables = ["objects ORDER BY oid", "terms ORDER BY term, oid", "uniques ORDER BY term", "changes ORDER BY seq",
                  "grants ORDER BY uid, grantee"]
        return [self.run(f"SELECT * FROM {table}") for table in tables]

    def command(self, *words, environment=None, within=30):
        """Runs `kmsd WORDS` on this database; the finished process."""
        settings = self.folder / "kms.toml"
        settings.touch()
        return subprocess.run(
            [kmsd.BIN / "kmsd", *words, *self.options], capture_output=True, text=True, timeout=within,
            env={"PATH": "/usr/bin:/bin", "KMS_CONF": str(settings), **(environment or {})})


BACKENDS = [SQLite]


def check(database):
    """What `kmsd db check` calls the state; its exit status must agree."""
    done = database.command("db", "check")
    state = next(line.split(": ")[1] for line in done.stdout.splitlines() if line.startswith("state: "))
    assert done.returncode == STATUS[state.split(" ")[0]], done.stderr
    return state
