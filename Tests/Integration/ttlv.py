"""KMIP items in the JSON dialect of the 4.22 client, and requests made of them."""
import json


def structure(tag, *items):
    return {"tag": tag, "type": "Structure", "value": [item for item in items if item is not None]}


def text(tag, value):
    return {"tag": tag, "type": "TextString", "value": value}


def enum(tag, value):
    return {"tag": tag, "type": "Enumeration", "value": value}


def integer(tag, value):
    return {"tag": tag, "type": "Integer", "value": value}


def long_integer(tag, value):
    return {"tag": tag, "type": "LongInteger", "value": f"0x{value & (1 << 64) - 1:016X}"}


def boolean(tag, value):
    return {"tag": tag, "type": "Boolean", "value": value}


def octets(tag, value):
    return {"tag": tag, "type": "ByteString", "value": bytes(value).hex().upper()}


def uid(value):
    return text("UniqueIdentifier", value if isinstance(value, str) else json.dumps(value))


def vendor(name, value, vendor="cosmian", tag="VendorAttributes"):
    return structure(
        tag, text("VendorIdentification", vendor), text("AttributeName", name),
        octets("AttributeValue", value))


def vendor_attributes(*attributes):
    return structure("VendorAttributes", *attributes)


def tags(*names):
    return vendor("tag", json.dumps(list(names), separators=(",", ":")).encode())


def dumps(item):
    return json.dumps(item, separators=(",", ":"))


# Requests, in the shape in which the published client sends them.


def create(*, algorithm="AES", length=256, sensitive=False, tagged=(), wrapping_key=None, identifier=None,
           activation=None, mask=2108):
    extra = [tags(*tagged)]
    if wrapping_key is not None:
        extra.append(vendor("wrapping_key_id", wrapping_key.encode()))
    return structure(
        "Create",
        enum("ObjectType", "SymmetricKey"),
        structure(
            "Attributes",
            None if activation is None else long_integer("ActivationDate", activation),
            enum("CryptographicAlgorithm", algorithm),
            integer("CryptographicLength", length),
            integer("CryptographicUsageMask", mask),
            enum("KeyFormatType", "TransparentSymmetricKey"),
            enum("ObjectType", "SymmetricKey"),
            boolean("Sensitive", sensitive),
            None if identifier is None else uid(identifier),
            vendor_attributes(*extra)))


def import_key(identifier, key, *, algorithm="AES", mask=2108, tagged=None, replace=False,
               key_format="TransparentSymmetricKey"):
    material = octets("Key" if key_format == "TransparentSymmetricKey" else "ByteString", key)
    return structure(
        "Import",
        uid(identifier),
        enum("ObjectType", "SymmetricKey"),
        boolean("ReplaceExisting", replace),
        structure(
            "Attributes",
            enum("CryptographicAlgorithm", algorithm),
            integer("CryptographicLength", len(key) * 8),
            integer("CryptographicUsageMask", mask),
            boolean("Sensitive", False),
            None if tagged is None else vendor_attributes(tags(*tagged))),
        structure("Object", structure(
            "KeyBlock",
            enum("KeyFormatType", key_format),
            structure("KeyValue", structure("KeyMaterial", material)),
            enum("CryptographicAlgorithm", algorithm),
            integer("CryptographicLength", len(key) * 8))))


def get(identifier, *extra, operation="Get"):
    return structure(operation, uid(identifier), enum("KeyWrapType", "AsRegistered"), *extra)


def parameters(algorithm=None, mode=None):
    return structure(
        "CryptographicParameters",
        None if mode is None else enum("BlockCipherMode", mode),
        None if algorithm is None else enum("CryptographicAlgorithm", algorithm))


def encrypt(identifier, data, *, mode=None, algorithm=None, iv=None, aad=None):
    return structure(
        "Encrypt",
        uid(identifier),
        parameters(algorithm, mode) if mode or algorithm else None,
        octets("Data", data),
        None if iv is None else octets("IvCounterNonce", iv),
        None if aad is None else octets("AuthenticatedEncryptionAdditionalData", aad))


def decrypt(identifier, data, *, mode=None, algorithm=None, iv=None, tag=None, aad=None):
    return structure(
        "Decrypt",
        uid(identifier),
        parameters(algorithm, mode) if mode or algorithm else None,
        octets("Data", data),
        None if iv is None else octets("IvCounterNonce", iv),
        None if aad is None else octets("AuthenticatedEncryptionAdditionalData", aad),
        None if tag is None else octets("AuthenticatedEncryptionTag", tag))


def revoke(identifier, reason="no longer needed"):
    return structure("Revoke", uid(identifier), text("RevocationReason", reason))


def destroy(identifier, remove=False):
    return structure("Destroy", uid(identifier), boolean("Remove", True) if remove else None)


def locate(*attributes):
    return structure("Locate", structure("Attributes", *attributes))


def locate_tags(*names):
    return locate(vendor_attributes(tags(*names)))


def get_attributes(identifier, *references):
    return structure(
        "GetAttributes", uid(identifier),
        structure("AttributeReferences", *references) if references else None)


def message(*requests, count=None):
    """A batch of the given requests; the root tag of each is its operation."""
    return structure(
        "Message",
        structure(
            "Header",
            structure("ProtocolVersion", integer("ProtocolVersionMajor", 2), integer("ProtocolVersionMinor", 1)),
            integer("BatchCount", len(requests) if count is None else count)),
        structure("Items", *(
            structure("Items", enum("Operation", r["tag"]), {**r, "tag": "RequestPayload"}) for r in requests)))


# Answers.


def child(item, *path):
    """The value at a path of tags below an item, or None; a step is the first child of that tag."""
    for tag in path:
        found = [c for c in item["value"] if c["tag"] == tag]
        if not found:
            return None
        item = found[0]
    return item["value"]


def children(item, tag):
    return [c for c in item["value"] if c["tag"] == tag]


def octets_of(item, *path):
    value = child(item, *path)
    return None if value is None else bytes.fromhex(value)


def material(answer):
    """The key bytes in an answer to Get or Export, in either form."""
    found = child(answer, "Object", "KeyBlock", "KeyValue", "KeyMaterial")
    assert len(found) == 1 and found[0]["tag"] in ("ByteString", "Key"), found
    return bytes.fromhex(found[0]["value"])


def located(answer):
    """The identifiers in an answer to Locate; checks the count and the nested form of the list."""
    found = child(answer, "UniqueIdentifier")
    identifiers = [] if found is None else [c["value"] for c in found]
    assert found is None or all(c["tag"] == "UniqueIdentifier" for c in found)
    assert child(answer, "LocatedItems") == len(identifiers)
    return identifiers
