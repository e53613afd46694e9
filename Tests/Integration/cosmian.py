"""Databases as Cosmian KMS 4.12 to 4.22 keeps them, made for tests."""
import json
import sqlite3

RSA_PRIVATE = {
    "KeyTypeSer": "RsaPrivate", "Modulus": [1, 2, 3], "PrivateExponent": [5], "PublicExponent": [65537], "P": [7],
    "Q": [11], "PrimeExponentP": [1], "PrimeExponentQ": [1], "CrtCoefficient": [1]}


def symmetric(key, *, length=None, attributes=None, **block):
    """The inner object of a symmetric key: untagged, byte strings as numbers."""
    value = {"KeyMaterial": {"Key": list(key)}}
    if attributes is not None:
        value["Attributes"] = attributes
    return {"KeyBlock": {
        "KeyFormatType": "TransparentSymmetricKey", "KeyValue": value, "CryptographicAlgorithm": "AES",
        "CryptographicLength": 8 * len(key) if length is None else length, **block}}


def attributes(bits=256, **more):
    return {
        "CryptographicAlgorithm": "AES", "CryptographicLength": bits, "CryptographicUsageMask": 2108,
        "KeyFormatType": "TransparentSymmetricKey", "ObjectType": "SymmetricKey", **more}


def plain(item):
    """A TTLV item of the wire as the plain JSON of the database."""
    value = item["value"]
    match item["type"]:
        case "Structure":
            return {child["tag"]: plain(child) for child in value}
        case "ByteString":
            return list(bytes.fromhex(value))
        case "LongInteger":
            return int(value, 16)
        case _:
            return value


class Database:
    """A SQLite file of the other system; `version` decides its shape."""

    def __init__(self, folder, version="4.22.1"):
        folder.mkdir(parents=True)
        self.folder, self.path = folder, folder / "kms.db"
        self.has_attributes = version != "4.12.0"
        db = self.connection = sqlite3.connect(self.path)
        column = ", attributes json NOT NULL" if self.has_attributes else ""
        db.execute(f"CREATE TABLE objects (id VARCHAR(40) PRIMARY KEY, object json NOT NULL{column}, "
                   "state VARCHAR(32), owner VARCHAR(255))")
        db.execute("CREATE TABLE read_access (id VARCHAR(40), userid VARCHAR(255), permissions json NOT NULL, "
                   "UNIQUE(id, userid))")
        db.execute("CREATE TABLE tags (id VARCHAR(40), tag VARCHAR(255), UNIQUE(id, tag))")
        if self.has_attributes:
            db.execute("CREATE TABLE context (version VARCHAR(40) PRIMARY KEY, state VARCHAR(40))")
            # The version that first opened it; it never advances.
            db.execute("INSERT INTO context VALUES ('4.13.0', 'ready')")

    def add(self, uid, kind, inner, columns=None, *, state="Active", owner="alice", tags=(), grants=(), text=None):
        """One object with its tags and permissions; `text` is stored in place of the object."""
        document = text if text is not None else json.dumps({"object_type": kind, "object": inner})
        row = [uid, document] + ([json.dumps(columns or {})] if self.has_attributes else []) + [state, owner]
        self.connection.execute(f"INSERT INTO objects VALUES ({', '.join('?' * len(row))})", row)
        for tag in tags:
            self.connection.execute("INSERT INTO tags VALUES (?, ?)", (uid, tag))
        for user, operations in dict(grants).items():
            self.grant(uid, user, *operations)
        self.connection.commit()
        return self

    def grant(self, uid, user, *operations):
        self.connection.execute("INSERT INTO read_access VALUES (?, ?, ?)", (uid, user, json.dumps(operations)))
        self.connection.commit()

    def contents(self):
        return self.path.read_bytes()

    def copy_to(self, server):
        """The same tables and rows on a database server, as the other system has them there."""
        statements = []
        for table, definition in self.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
            statements.append(definition)
            for row in self.connection.execute(f"SELECT * FROM {table}"):
                statements.append(f"INSERT INTO {table} VALUES ({', '.join(map(server.literal, row))})")
        server.run_script(";\n".join(statements))
