import subprocess

import pytest

import kit


@pytest.fixture(scope="session")
def libraries(tmp_path_factory):
    """A folder for drivers that nobody else can write."""
    folder = tmp_path_factory.mktemp("drivers")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def memory(libraries):
    subprocess.run(["make", "-s", "-C", kit.MEMORY, f"OUT={libraries}", "all"], check=True)
    return libraries / "libkms-memory.so"


@pytest.fixture(scope="session")
def mutant(libraries):
    """The memory driver, with one rule broken that MUTANT names."""
    return kit.compile_mutant(libraries / "mutant")


@pytest.fixture(scope="session")
def sqlite():
    library = kit.BIN / "libkms-sqlite.so"
    if not library.exists():
        pytest.skip("the SQLite driver is not built")
    return library


@pytest.fixture
def memory_config(tmp_path):
    config = tmp_path / "memory.toml"
    config.write_text('memory-name = "{{scratch}}"\n[check]\ntime-limit = "10s"\n')
    return config


@pytest.fixture
def sqlite_config(tmp_path):
    config = tmp_path / "sqlite.toml"
    config.write_text('sqlite-path = "{{scratch}}"\n')
    return config
