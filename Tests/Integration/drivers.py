"""Drivers in C, built as their authors would: a C compiler and the headers."""
import functools
import hashlib
import pathlib
import subprocess
import tempfile

import kmsd

ABI = kmsd.ROOT / "Tests/ABI"
HEADERS = kmsd.ROOT / "Sources/PluginABI/include"


@functools.cache
def _image(source, defines, headers):
    """The library's bytes; each way to build one is built once."""
    with tempfile.TemporaryDirectory() as folder:
        library = pathlib.Path(folder, "driver.so")
        subprocess.run(
            ["cc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread", "-shared", "-fPIC",
             "-fvisibility=hidden", "-Wl,-z,now,-z,relro", *[f"-D{define}" for define in defines], "-I", headers,
             "-o", library, source], check=True)
        return library.read_bytes()


def build(source, library, *defines, headers=HEADERS):
    """Builds a file below Tests/ABI into `library`, which nobody but its owner can write."""
    write(library, _image(ABI / source, defines, headers))
    return library


def build_bad(name, folder, *defines):
    """One of the bad drivers in a folder of its own; what it spoils is the SQLite driver."""
    folder.mkdir(exist_ok=True)
    copy_sqlite(folder / "inner.so")
    return build(f"bad-drivers/{name}.c", folder / f"libkms-{name}.so", *defines)


def copy_sqlite(library):
    """A copy of the SQLite driver, which nobody but its owner can write."""
    write(library, (kmsd.BIN / "libkms-sqlite.so").read_bytes())
    return library


def write(library, image):
    library.write_bytes(image)
    library.chmod(0o644)


def sha256(library):
    return hashlib.sha256(library.read_bytes()).hexdigest()


def plugin_table(library, **keys):
    """A [[plugin]] table that names a library."""
    lines = ["[[plugin]]", f'path = "{library}"']
    lines += [f"{key} = {value!r}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"
