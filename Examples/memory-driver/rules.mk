# How a driver and its tests are built: NAME, SOURCES and TESTS are set by who includes this.

# The headers of the source tree that this lies in, else those that are installed.
ABI ?= $(or $(wildcard ../../Sources/PluginABI/include),$(shell pkg-config --variable=includedir kms-plugin))
OUT ?= build
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Werror
SANITIZER = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
STANDARD = -std=c11 -D_XOPEN_SOURCE=700 -pthread
COMPILE = $(CC) $(STANDARD) $(INCLUDES) -I$(ABI) $(WARNINGS) $(CFLAGS) $(SANITIZER)
# One symbol goes out, every symbol that is needed is there when the library is loaded.
HARDEN = -fvisibility=hidden -fPIC -fstack-protector-strong \
  -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack $(if $(SANITIZE),,-Wl,-z,defs)
LIBRARY = $(OUT)/libkms-$(NAME).so
MANIFEST = $(OUT)/kms-$(NAME).toml
HEADERS = $(wildcard $(addsuffix *.h,$(sort ./ $(dir $(SOURCES) $(TESTS)))) $(ABI)/kms/*.h)

all: $(LIBRARY) $(MANIFEST)

$(LIBRARY): $(SOURCES) $(HEADERS) | $(OUT)
	$(COMPILE) $(HARDEN) -shared -Wl,-soname,libkms-$(NAME).so -o $@ $(SOURCES) $(LDFLAGS)

$(MANIFEST): kms-$(NAME).toml | $(OUT)
	cp kms-$(NAME).toml $@

$(OUT)/test: $(TESTS) $(HEADERS) $(LIBRARY)
	$(COMPILE) -o $@ $(TESTS) -ldl $(LDFLAGS)

$(OUT):
	mkdir -p $@

check: $(OUT)/test
	$(RUN) $(OUT)/test $(abspath $(LIBRARY)) $(ROUNDS)

clean:
	rm -f $(LIBRARY) $(MANIFEST) $(OUT)/test

.PHONY: all check clean
