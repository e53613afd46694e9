"""A host in Python: an HSM driver called through the tables of the contract, in this process.

The kit checks what every driver must keep; this is for what only a test with its hands on the vendor library
can bring about.
"""
import ctypes
import os
import time
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint16, c_uint32
from ctypes import c_uint64, c_void_p, cast

STATUS = ["OK", "NOT_FOUND", "EXISTS", "CONFLICT", "ABORTED", "INVALID", "UNSUPPORTED", "DENIED", "UNAVAILABLE",
          "UPGRADING", "WOULD_BLOCK", "CANCELLED", "DEADLINE", "EXHAUSTED", "CORRUPT", "NOT_EXTRACTABLE",
          "CRYPTO_FAILED", "INTERNAL"]
AES, RSA_PRIVATE, RSA_PUBLIC = 1, 2, 3
ENCRYPT, DECRYPT = 1, 2
GCM, OAEP_SHA256 = 1, 34
SENSITIVE, EXTRACTABLE, IN_DOUBT = 1, 2, 4
NONE_DAY = -2**31


class Bytes(Structure):
    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class Owner(Structure):
    _fields_ = [("release", c_void_p), ("owner", c_void_p)]


class Call(Structure):
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32), ("id", c_uint64), ("deadline_ns", c_uint64),
                ("trace_id", Bytes), ("is_cancelled", c_void_p)]


class Error(Structure):
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32), ("native_code", c_int64),
                ("native_state", ctypes.c_char * 8), ("retry_after_ns", c_uint64), ("message", c_void_p),
                ("message_capacity", c_size_t)]


class Setting(Structure):
    _fields_ = [("name", Bytes), ("type", c_uint32), ("flags", c_uint32), ("number", c_int64), ("text", Bytes)]


class Key(Structure):
    _fields_ = [("id", Bytes), ("label", Bytes), ("type", c_uint32), ("bits", c_uint32), ("flags", c_uint32),
                ("curve", c_uint32), ("usage", c_uint32), ("status", c_int32), ("native_code", c_uint32),
                ("reserved", c_uint32), ("start_day", c_int32), ("end_day", c_int32), ("public_material", Bytes),
                ("secret_material", Bytes)]


class Keys(Structure):
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32), ("items", POINTER(Key)), ("count", c_size_t),
                ("cursor", Bytes), ("owner", Owner)]


class Crypto(Structure):
    _fields_ = [("op", c_uint32), ("mechanism", c_uint32), ("key", Bytes), ("input", Bytes), ("iv", Bytes),
                ("aad", Bytes), ("tag", Bytes), ("signature", Bytes), ("target", c_void_p)]


class Result(Structure):
    _fields_ = [("status", c_int32), ("native_code", c_uint32), ("output", Bytes), ("iv", Bytes), ("tag", Bytes)]


class Results(Structure):
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32), ("items", POINTER(Result)), ("count", c_size_t),
                ("owner", Owner)]


class Open(Structure):
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32), ("settings", POINTER(Setting)),
                ("setting_count", c_size_t)]


class SlotOpen(Structure):
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32), ("slot", c_uint64), ("pin", Bytes),
                ("concurrency", c_uint32), ("reserved", c_uint32)]


class Table(Structure):
    _fields_ = [("struct_size", c_uint32), ("quick", c_uint32)] + [(name, c_void_p) for name in (
        "open close slots slot_open slot_close health capabilities generate find export_keys update destroy crypto "
        "random seed statistics").split()]


class Plugin(Structure):
    _fields_ = [("struct_size", c_uint32), ("abi_major", c_uint16), ("abi_minor", c_uint16), ("info", c_void_p),
                ("init", c_void_p), ("deinit", c_void_p), ("get_interface", c_void_p)]


class HostTable(Structure):
    _fields_ = [("struct_size", c_uint32), ("abi_major", c_uint16), ("abi_minor", c_uint16), ("name", c_char_p),
                ("version", c_char_p), ("context", c_void_p)] + [(name, c_void_p) for name in (
                    "log_enabled log secure_alloc secure_free zeroize random monotonic_ns unix_us get_interface"
                ).split()]


LOG = CFUNCTYPE(None, c_void_p, c_void_p, c_uint32, Bytes)
RELEASE = CFUNCTYPE(None, c_void_p)
never = CFUNCTYPE(ctypes.c_bool, c_void_p)(lambda call: False)
libc = ctypes.CDLL(None)
libc.calloc.restype = c_void_p


class CallFailed(Exception):
    def __init__(self, function, status, error, message):
        self.status, self.message = STATUS[status], message
        self.retryable, self.native_code = bool(error.flags & 1), error.native_code
        super().__init__(f"{function} answered {self.status}: {message}")


def lend(data):
    """Bytes for a call, with what keeps them alive."""
    kept = ctypes.create_string_buffer(data, max(len(data), 1))
    return Bytes(cast(kept, c_void_p).value if data else None, len(data)), kept


def taken(slice_):
    return ctypes.string_at(slice_.data, slice_.size) if slice_.size else b""


class Driver:
    """A driver's library, started with this host."""

    def __init__(self, path):
        self.lines = []
        self.library = ctypes.CDLL(str(path))
        entry = self.library.kms_plugin_entry
        entry.restype, entry.argtypes = POINTER(Plugin), [c_uint16]
        self.plugin = entry(1).contents
        self.kept = [
            CFUNCTYPE(ctypes.c_bool, c_void_p, c_uint32)(lambda context, level: True),
            LOG(lambda context, call, level, text: self.lines.append(taken(text).decode())),
            CFUNCTYPE(c_void_p, c_void_p, c_size_t)(lambda context, size: libc.calloc(1, c_size_t(size))),
            CFUNCTYPE(None, c_void_p, c_void_p, c_size_t)(lambda context, memory, size: libc.free(c_void_p(memory))),
            CFUNCTYPE(None, c_void_p, c_void_p, c_size_t)(
                lambda context, memory, size: ctypes.memset(memory, 0, size) and None),
            CFUNCTYPE(c_int32, c_void_p, c_void_p, c_size_t)(self.random),
            CFUNCTYPE(c_uint64, c_void_p)(lambda context: time.monotonic_ns()),
            CFUNCTYPE(c_int64, c_void_p)(lambda context: time.time_ns() // 1000),
            CFUNCTYPE(c_void_p, c_void_p, c_char_p)(lambda context, id: None),
        ]
        self.host = HostTable(ctypes.sizeof(HostTable), 1, 0, b"test", b"1.2.3", None,
                              *(cast(function, c_void_p) for function in self.kept))
        init = CFUNCTYPE(c_int32, c_void_p, c_void_p)(self.plugin.init)
        assert init(ctypes.addressof(self.host), ctypes.addressof(Error())) == 0
        find = CFUNCTYPE(c_void_p, c_char_p)(self.plugin.get_interface)
        self.table = Table.from_address(find(b"kms.hsm/1"))

    @staticmethod
    def random(context, memory, size):
        ctypes.memmove(memory, os.urandom(size), size)
        return 0

    def call(self, function, *arguments, within=30.0):
        """Calls a function of the table with a call and an error; raises CallFailed."""
        message = ctypes.create_string_buffer(512)
        error = Error(ctypes.sizeof(Error), message=cast(message, c_void_p), message_capacity=512)
        frame = Call(ctypes.sizeof(Call), 0, id=next(self.ids), is_cancelled=cast(never, c_void_p))
        frame.deadline_ns = time.monotonic_ns() + int(within * 1e9)
        pointers = [byref(frame) if a is CALL else byref(error) if a is ERROR else a for a in arguments]
        code = untyped(getattr(self.table, function))(*pointers)
        if code:
            raise CallFailed(function, code, error, message.value.decode())

    ids = iter(range(1, 10**9))

    def open(self, **settings):
        items, kept = (Setting * len(settings))(), []
        for item, (name, value) in zip(items, settings.items()):
            (item.name, a), (item.text, b) = lend(name.replace("_", "-").encode()), lend(str(value).encode())
            item.number = value if isinstance(value, int) else 0
            kept += [a, b]
        options = Open(ctypes.sizeof(Open), 0, items, len(settings))
        handle = c_void_p()
        self.call("open", byref(options), CALL, byref(handle), ERROR)
        return HSM(self, handle)


CALL, ERROR = object(), object()


class Untyped(ctypes._CFuncPtr):
    """Takes what it is given: pointers, structs by value, numbers with a type of ctypes."""
    _flags_, _restype_ = ctypes._FUNCFLAG_CDECL, c_int32


def untyped(address):
    return Untyped(address)


class HSM:
    def __init__(self, driver, handle):
        self.driver, self.handle = driver, handle

    def slot(self, number, pin, concurrency=4):
        text, kept = lend(pin.encode())
        options = SlotOpen(ctypes.sizeof(SlotOpen), 0, number, text, concurrency)
        handle = c_void_p()
        self.driver.call("slot_open", self.handle, byref(options), CALL, byref(handle), ERROR)
        return Slot(self.driver, handle)

    def close(self):
        RELEASE(self.driver.table.close)(self.handle)


class Slot:
    def __init__(self, driver, handle):
        self.driver, self.handle = driver, handle

    def close(self):
        RELEASE(self.driver.table.slot_close)(self.handle)

    def health(self, **options):
        self.driver.call("health", self.handle, CALL, ERROR, **options)

    def _keys(self, function, *arguments, **options):
        out = Keys(ctypes.sizeof(Keys))
        self.driver.call(function, self.handle, CALL, *arguments, byref(out), ERROR, **options)
        keys = [{"status": STATUS[key.status], "id": taken(key.id).decode(), "bits": key.bits, "flags": key.flags,
                 "secret": taken(key.secret_material)} for key in out.items[:out.count]]
        if out.owner.release:
            RELEASE(out.owner.release)(out.owner.owner)
        return keys

    def generate(self, *keys, **options):
        """Keys as (id, type, bits, flags)."""
        items, kept = (Key * len(keys))(), []
        for item, (name, type_, bits, flags) in zip(items, keys):
            item.id, a = lend(name.encode())
            item.type, item.bits, item.flags = type_, bits, flags
            item.start_day = item.end_day = NONE_DAY
            kept.append(a)
        return self._keys("generate", items, c_size_t(len(keys)), **options)

    def _ids(self, ids):
        items, kept = (Bytes * len(ids))(), []
        for index, name in enumerate(ids):
            items[index], a = lend(name.encode())
            kept.append(a)
        return items, kept

    def find(self, *ids, **options):
        items, kept = self._ids(ids)
        return self._keys("find", c_uint32(0), items, c_size_t(len(ids)), Bytes(), c_uint32(100), **options)

    def list(self, type_=0, limit=1000, **options):
        return self._keys("find", c_uint32(type_), None, c_size_t(0), Bytes(), c_uint32(limit), **options)

    def export(self, *ids, **options):
        items, kept = self._ids(ids)
        return self._keys("export_keys", items, c_size_t(len(ids)), **options)

    def destroy(self, *ids, **options):
        items, kept = self._ids(ids)
        out = (c_int32 * len(ids))()
        self.driver.call("destroy", self.handle, CALL, items, c_size_t(len(ids)), out, ERROR, **options)
        return [STATUS[code] for code in out]

    def crypto(self, *requests, **options):
        """Requests as dictionaries; answers as (status, output, iv, tag)."""
        items, kept = (Crypto * len(requests))(), []
        for item, request in zip(items, requests):
            item.op, item.mechanism = request["op"], request["mechanism"]
            for name in ("key", "input", "iv", "tag"):
                value = request.get(name, b"")
                slice_, a = lend(value.encode() if isinstance(value, str) else value)
                setattr(item, name, slice_)
                kept.append(a)
        out = Results(ctypes.sizeof(Results))
        self.driver.call("crypto", self.handle, CALL, items, c_size_t(len(requests)), byref(out), ERROR, **options)
        answers = [(STATUS[r.status], taken(r.output), taken(r.iv), taken(r.tag)) for r in out.items[:out.count]]
        if out.owner.release:
            RELEASE(out.owner.release)(out.owner.owner)
        return answers

    def seal(self, key, data, **options):
        return self.crypto({"op": ENCRYPT, "mechanism": GCM, "key": key, "input": data}, **options)[0]

    def unseal(self, key, sealed, **options):
        _, output, iv, tag = sealed
        return self.crypto(
            {"op": DECRYPT, "mechanism": GCM, "key": key, "input": output, "iv": iv, "tag": tag}, **options)[0]
