# Claviger: build, run, test, install. `make help` lists the targets and what they take.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# What a caller may set.
SWIFT   ?= swift
PYTHON  ?= python3
SCRATCH ?= .build
PREFIX  ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
TRIPLET ?= $(shell uname -m)-linux-gnu
ARGS    ?=
PLUGINS ?=
# Not from the environment, where other programs put a PORT of theirs.
PORT := 9998

BIN  := $(SCRATCH)/release
VENV := .build-venv
# Objects for the thread sanitizer, which no other build can use.
THREADS := $(SCRATCH)-threads
# A copy of the tree without drivers, and its objects.
BARE := $(SCRATCH)-bare
SWIFT_FLAGS := -c release --scratch-path $(SCRATCH)

# A plugin is what has a folder, unless PLUGINS names some of them.
SELECTED := $(or $(PLUGINS),$(notdir $(wildcard Plugins/*)))
ifneq ($(strip $(PLUGINS)),)
$(foreach name,$(PLUGINS),$(if $(wildcard Plugins/$(name)/.),,$(error there is no folder Plugins/$(name))))
export PLUGINS
endif

# Debian packages: what the server needs, what each driver adds, what the rest adds.
PACKAGES_host     := pkg-config libssl-dev libltdl-dev
PACKAGES_sqlite   := libsqlite3-dev
PACKAGES_postgres := libpq-dev
PACKAGES_softhsm2 := libp11-kit-dev
PACKAGES_pkcs11   := libp11-kit-dev
PACKAGES_utimaco  := libp11-kit-dev
PACKAGES_proteccio := libp11-kit-dev
PACKAGES_mysql    := libmariadb-dev
PACKAGES_redis-findex := libhiredis-dev libargon2-dev libssl-dev
PACKAGES_client   := zlib1g-dev
PACKAGES_tests    := python3-venv gcc binutils patchelf
PACKAGES_bench    := wrk gcc openssl libsqlite3-dev
PACKAGES_install  := patchelf binutils python3
# Database servers, for tests alone.
SERVERS_postgres  := postgresql openssl
SERVERS_softhsm2  := softhsm2 openssl
SERVERS_mysql     := mariadb-server openssl
SERVERS_redis-findex := redis-server openssl
servers_of = $(sort $(foreach part,$(1),$(SERVERS_$(part))))
packages_of = $(sort $(PACKAGES_host) $(foreach part,$(1),$(PACKAGES_$(part))))

# Directories are listed too: a file that goes away changes the folder's time.
PRODUCT_FILES := $(wildcard Package.swift Package.resolved) $(shell find Sources Plugins 2>/dev/null)
TEST_FILES    := $(shell find Tests Examples -not -name __pycache__ -not -name '*.pyc' -not -path 'Tests/Integration*' -not -path 'Tests/Conformance*' 2>/dev/null)

.PHONY: help run build test test-unit test-conformance test-integration test-without-plugins test-long sanitize bench install format lint layout \
        clean toolchain

help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 26

run: $(BIN)/.server-built ## Build the server and run it on 127.0.0.1:9998 with SQLite; PORT=, ARGS= more options
	exec $(BIN)/kmsd --database-type=sqlite --sqlite-path=./sqlite-data \
	  --hostname=127.0.0.1 --port=$(PORT) $(ARGS)

build: toolchain ## Build all products; PLUGINS='sqlite' selects drivers and needs only their libraries
	@Tools/install-packages $(call packages_of,$(SELECTED) client)
	$(SWIFT) build $(SWIFT_FLAGS)

test: test-unit layout test-conformance test-integration ## Run every test, a few rounds of each fault

test-unit: $(BIN)/.tests-built
	@Tools/install-packages $(call servers_of,$(SELECTED))
	ROUNDS=$(or $(ROUNDS),3) FUZZ_SECONDS=$(or $(FUZZ_SECONDS),20) \
	  Tests/Servers/run Tests/unit $(BIN)

layout: $(BIN)/.tests-built ## Check the arrows between modules and the rules that a search can check
	@Tools/check-layout --self-test
	@Tools/check-layout --scratch-path $(SCRATCH)

test-conformance: $(BIN)/.tests-built $(VENV)/.ready ## Run the driver kit on every driver, and on broken ones
	@Tools/install-packages $(call servers_of,$(SELECTED))
	CLAVIGER_BIN=$(BIN) $(if $(ROUNDS),ROUNDS=$(ROUNDS)) \
	  Tests/Servers/run $(VENV)/bin/python -m pytest -q -p no:cacheprovider Tests/Conformance $(PYTEST_ARGS)

test-integration: $(BIN)/.tests-built $(VENV)/.ready ## Run the server under the published Python client
	@Tools/install-packages $(call servers_of,$(SELECTED))
	ROUNDS=$(or $(ROUNDS),3) CLAVIGER_BIN=$(BIN) \
	  Tests/Servers/run $(VENV)/bin/python -m pytest -q -p no:cacheprovider Tests/Integration $(PYTEST_ARGS)

sanitize: $(BIN)/.tests-built $(VENV)/.ready toolchain ## Run the driver kit under sanitizers; compiles it anew for that of threads
	@Tools/install-packages $(call packages_of,sqlite tests)
	$(SWIFT) build -c release --scratch-path $(THREADS) --sanitize=thread --product kms-plugin-check
	$(SWIFT) build -c release --scratch-path $(THREADS) --sanitize=thread --product kms-sqlite
	SWIFT=$(SWIFT) CLAVIGER_BIN=$(BIN) CLAVIGER_THREAD_BIN=$(THREADS)/release $(if $(ROUNDS),ROUNDS=$(ROUNDS)) \
	  $(VENV)/bin/python -m pytest -q -p no:cacheprovider Tests/Conformance/test_sanitizers.py $(PYTEST_ARGS)

test-without-plugins: toolchain ## Build the server in a copy of the tree without Plugins/ and run its tests on the C memory driver
	@Tools/install-packages $(call packages_of,tests)
	rm -rf $(BARE)/tree && mkdir -p $(BARE)/tree
	git ls-files -co --exclude-standard -z -- . ':!Plugins' | \
	  tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory=$(BARE)/tree
	if [[ -f Package.resolved ]]; then cp -p Package.resolved $(BARE)/tree/; fi
	cd $(BARE)/tree && $(SWIFT) build -c release --scratch-path ../build --build-tests
	cd $(BARE)/tree && Tests/unit ../build/release --filter HostTests

test-long: ## Run every test with full counts; ROUNDS= and FUZZ_SECONDS= change them
	$(MAKE) test ROUNDS=$(or $(ROUNDS),20) FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600)
	$(MAKE) sanitize ROUNDS=$(or $(ROUNDS),20) PYTEST_ARGS='-k race'
	$(MAKE) test-without-plugins

bench: build ## Measure the server against limits of this machine and of its databases; ROUNDS=, SECONDS=
	@Tools/install-packages $(call packages_of,bench) $(call servers_of,$(SELECTED))
	@missed=0; for part in run backends; do \
	  Benchmarks/$$part --bin $(BIN) --rounds $(or $(ROUNDS),5) --seconds $(or $(SECONDS),2) $(ARGS) || missed=1; \
	done; exit $$missed

install: build ## Install below DESTDIR and PREFIX: programs, drivers, Swift runtime, headers, manual
	@Tools/install-packages $(PACKAGES_install)
	@Tools/install --bin $(BIN) --swift $(SWIFT) --drivers '$(SELECTED)' --triplet '$(TRIPLET)' \
	  --destdir '$(DESTDIR)' --prefix '$(PREFIX)' --sysconfdir '$(SYSCONFDIR)'

format: toolchain ## Format the Swift sources in place
	@Tools/swift-sources | xargs -0 $(SWIFT) format format --in-place --parallel

lint: toolchain ## Check the format of the Swift sources
	@Tools/swift-sources | xargs -0 $(SWIFT) format lint --strict --parallel

clean: ## Remove what was built; keeps ./sqlite-data
	rm -rf $(SCRATCH) $(THREADS) $(BARE) $(VENV) Benchmarks/.build

# Release objects are shared: tests use `package` access and never @testable, so `run` and `test`
# compile each file once. The stamps make a second `make run` start without asking SwiftPM.
$(BIN)/.server-built: $(PRODUCT_FILES) | toolchain
	@Tools/install-packages $(call packages_of,sqlite)
	$(SWIFT) build $(SWIFT_FLAGS) --product kmsd
	$(SWIFT) build $(SWIFT_FLAGS) --product kms-sqlite
	@touch $@

$(BIN)/.tests-built: $(PRODUCT_FILES) $(TEST_FILES) | toolchain
	@Tools/install-packages $(call packages_of,$(SELECTED) client tests)
	$(SWIFT) build $(SWIFT_FLAGS) --build-tests
	@touch $@ $(BIN)/.server-built

$(VENV)/.ready: Tests/Integration/requirements.txt
	@Tools/install-packages python3-venv
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --requirement $<
	@touch $@

toolchain:
	@command -v $(SWIFT) >/dev/null || { \
	  echo 'make: there is no "$(SWIFT)" on PATH. Install Swift 6.3 (https://www.swift.org/install/linux/)' >&2; \
	  echo 'make: and put its usr/bin folder on PATH, or name it: make SWIFT=/path/to/swift ...' >&2; \
	  exit 1; }
