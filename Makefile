# tlsfleet -- openssl s_client for a whole fleet
#
# make            build build/release/tlsfleet
# make demo       install what is missing, build, scan a demo fleet on loopback
# make check      install what tests need, build, run every test
# make lint       format, room, size and ban checks, warnings as errors
# make unit       unit tests (ROOM=net: of one room)
# make flow       tests of the built program against real servers
# make check-services  STARTTLS and proxies against real servers
# make parity     the same words to openssl s_client and to tlsfleet
# make asan       unit and flow tests under ASan and UBSan
# make tsan       whole scans under ThreadSanitizer
# make valgrind   whole scans under valgrind
# make torture    scans in which one call fails (TORTURE=N of a sweep, all)
# make hostile    peers that misbehave, each with the record that it must get
# make kills      scans that are killed and resumed (KILLS=)
# make fuzz       every fuzz target for a minute (SECONDS=, NAME=)
# make bench      speed and memory, as ratios
# make man        man pages and completions, from the tables
# make install    DESTDIR= prefix=/usr/local; and make uninstall
# make deb        a Debian package
# make clean      removes build/
# make help       this
#
# PROFILE=release|debug|asan|tsan|cover  CC=gcc|clang  OPENSSL_PREFIX=DIR

PROFILE ?= release
COMPILER := $(notdir $(firstword $(CC)))
OUT     := build/$(PROFILE)$(if $(filter clang%,$(COMPILER)),-clang)
prefix  ?= /usr/local

CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -DTLSFLEET_RELEASE
CFLAGS_debug   := -Og -g3
CFLAGS_asan    := -O1 -g3 -fsanitize=address,undefined -fno-omit-frame-pointer \
                  -fno-sanitize-recover=undefined
CFLAGS_tsan    := -O1 -g3 -fsanitize=thread
CFLAGS_cover   := -O0 -g3 --coverage

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
        -Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations \
        -Wold-style-definition -Wwrite-strings -Wpointer-arith -Wundef -Wvla \
        -Wformat=2 -Wnull-dereference -Wdouble-promotion -Wswitch-enum \
        -Wimplicit-fallthrough -Wunused-macros -Wnested-externs
WARN_gcc := -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
            -Wjump-misses-init -Wcast-qual
WARN += $(if $(filter clang%,$(COMPILER)),,$(WARN_gcc)) $(if $(CI),-Werror)

ifdef OPENSSL_PREFIX
# Said each time: what make exports does not reach its own $(shell).
PKG_CONFIG := PKG_CONFIG_PATH=$(OPENSSL_PREFIX)/lib/pkgconfig:$(OPENSSL_PREFIX)/lib64/pkgconfig pkg-config
# Also for what a library there needs itself.
RPATH := -Wl,--disable-new-dtags,-rpath,$(OPENSSL_PREFIX)/lib:$(OPENSSL_PREFIX)/lib64
OUT   := $(OUT)-$(subst /,_,$(OPENSSL_PREFIX))
endif

PKG_CONFIG ?= pkg-config

# Asked only when something is compiled: "make demo" installs them first.
PKGS       = openssl yaml-0.1
# As headers of the system, wherever they are: their macros are not ours to mend.
PKG_CFLAGS = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(PKGS)))
PKG_LIBS   = $(shell $(PKG_CONFIG) --libs $(PKGS))

ALL_CPPFLAGS = -D_GNU_SOURCE -Iinclude $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=c17 $(WARN) $(CFLAGS_$(PROFILE)) -fno-common -fPIE \
               -fstack-protector-strong -pthread $(CFLAGS)
ALL_LDFLAGS  = $(filter -fsanitize% --coverage,$(CFLAGS_$(PROFILE))) -pie \
               -Wl,-z,relro,-z,now -pthread $(RPATH) $(LDFLAGS)

# The rooms and what each may be linked with: the layers of the house.
ROOMS := base options record judge net targets dialog tls plan inspect report probe scan interactive batch
NEEDS_base     :=
NEEDS_options  := base
NEEDS_record   := base
NEEDS_judge    := record base
NEEDS_net      := base
NEEDS_targets  := options base
NEEDS_dialog   := net base
NEEDS_tls      := net base
NEEDS_plan     := tls net options base
NEEDS_inspect  := tls net record base
NEEDS_report   := record base
NEEDS_probe    := plan inspect dialog tls targets judge net record options base
NEEDS_scan     := probe $(NEEDS_probe)
NEEDS_interactive := probe $(NEEDS_probe)
NEEDS_batch    := scan report $(NEEDS_scan)

archive = $(OUT)/lib$(1).a
archives = $(foreach room,$(1),$(call archive,$(room)))

.PHONY: all
all: $(OUT)/tlsfleet

$(OUT)/tlsfleet: $(OUT)/src/main.o $(call archives,batch interactive $(NEEDS_batch))
	$(CC) $(ALL_LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKG_LIBS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Certificates and servers inside the unit tests of these rooms.
SUPPORT_tls     := tests/support/certs.c tests/support/tls_peer.c
SUPPORT_inspect := $(SUPPORT_tls)
# Where threads of the tests of these wait.
SUPPORT_net     := tests/support/gate.c
SUPPORT_probe   := tests/support/gate.c

define room_rules
OBJ_$(1) := $$(patsubst %.c,$$(OUT)/%.o,$$(wildcard src/$(1)/*.c))
$(call archive,$(1)): $$(OBJ_$(1))
	@rm -f $$@
	ar rcs $$@ $$^
TEST_$(1) := $$(patsubst %.c,$$(OUT)/%.o,$$(wildcard tests/unit/$(1)/*.c) $$(SUPPORT_$(1)))
$$(OUT)/unit-$(1): $$(TEST_$(1)) $(call archives,$(1) $(NEEDS_$(1)))
	$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(TEST_$(1)) -Wl,--start-group $(call archives,$(1) $(NEEDS_$(1))) -Wl,--end-group -lcriterion $$(PKG_LIBS)
endef
$(foreach room,$(ROOMS),$(eval $(call room_rules,$(room))))

UNIT_ROOMS = $(if $(ROOM),$(ROOM),$(foreach room,$(ROOMS),$(if $(wildcard tests/unit/$(room)/*.c),$(room))))

.PHONY: unit
ifeq ($(PROFILE),release)
# What a release leaves out (base/fault.h) the tests ask for.
unit:
	@$(MAKE) PROFILE=debug unit
else
unit: $(foreach room,$(UNIT_ROOMS),$(OUT)/unit-$(room))
	@fail=0; for t in $^; do echo "== $$t"; $$t --jobs 2 --verbose=1 || fail=1; done; exit $$fail
endif

# What the tests of the built program need: peers and measuring sticks.
TOOLS     := build/tools
TOOL_PKGS  = $(shell pkg-config --cflags --libs openssl)
TOOL_CC    = $(CC) -D_GNU_SOURCE -std=c17 $(WARN) -O2 -g -pthread

$(TOOLS)/peerd: $(wildcard tests/support/peerd/*.[ch])
	@mkdir -p $(@D)
	$(TOOL_CC) -o $@ $(filter %.c,$^) $(TOOL_PKGS)

$(TOOLS)/stuck_dns.so: tests/support/stuck_dns.c
	@mkdir -p $(@D)
	$(TOOL_CC) -fPIC -shared -o $@ $<

$(TOOLS)/test_engine.so: tests/support/test_engine.c
	@mkdir -p $(@D)
	$(TOOL_CC) -fPIC -shared -o $@ $< $(TOOL_PKGS)

$(TOOLS)/failing.so: tests/torture/failing.c
	@mkdir -p $(@D)
	$(TOOL_CC) -fPIC -shared -o $@ $<

$(TOOLS)/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(TOOL_CC) -o $@ $< $(TOOL_PKGS)

# Of the OpenSSL that the program is linked with: no older one has a server.
$(TOOLS)/quicd: tests/support/quicd.c
	@mkdir -p $(@D)
	$(TOOL_CC) $(PKG_CFLAGS) -o $@ $< $(RPATH) $(shell $(PKG_CONFIG) --libs openssl)

.PHONY: tools
tools: $(addprefix $(TOOLS)/,peerd stuck_dns.so test_engine.so bare cost)
	@! $(PKG_CONFIG) --atleast-version=3.5 openssl || $(MAKE) $(TOOLS)/quicd

# All that compiles, for a look at the warnings.
.PHONY: objects test-objects
objects: $(OUT)/src/main.o $(foreach room,$(ROOMS),$(OBJ_$(room)))
test-objects: $(foreach room,$(ROOMS),$(TEST_$(room)))

# SECONDS= each, NAME= only one.
SECONDS ?= 60
.PHONY: fuzz
fuzz:
	@scripts/fuzz $(SECONDS) $(NAME)

.PHONY: demo check check-services lint flow hostile torture kills parity asan tsan valgrind bench
demo:
	@scripts/deps build
	@echo "building $(OUT)/tlsfleet"
	@$(MAKE) -s all $(TOOLS)/peerd
	@scripts/demo $(OUT)/tlsfleet

check:
	@scripts/check

lint:
	@scripts/lint

# FLOW: words for tests/flow/run.py
flow: all tools
	@tests/flow/run.py $(FLOW) $(OUT)/tlsfleet

# Real servers from Debian (scripts/deps services installs them).
check-services: $(OUT)/tlsfleet
	@/usr/bin/python3 tests/services/run.py $<

TORTURE ?= 150
torture: all $(TOOLS)/failing.so
	@tests/torture/run.py -faults $(TORTURE) $(OUT)/tlsfleet

# HOSTILE: words for tests/hostile/run.py
hostile: all tools
	@tests/hostile/run.py $(HOSTILE) $(OUT)/tlsfleet

KILLS ?= 200
kills: all tools
	@TLSFLEET_KILLS=$(KILLS) tests/flow/run.py -k killed_runs $(OUT)/tlsfleet

# PARITY: words for tests/parity/run.py
parity: all tools
	@tests/parity/run.py $(PARITY) $(OUT)/tlsfleet

asan:
	@scripts/instrumented asan

tsan:
	@scripts/instrumented tsan

valgrind:
	@scripts/instrumented valgrind

bench: all tools
	@tests/bench/run.py $(OUT)/tlsfleet

# ---- man pages, completions, and where they go; nothing of it needs OpenSSL

TABLE_ROOMS := options report $(NEEDS_report)
GENERATE    := awk -f scripts/generate/tables.awk -f scripts/generate/
PAGES       := $(patsubst man/%.in,$(OUT)/man/%,$(wildcard man/*.in))
COMPLETIONS := $(addprefix $(OUT)/completion/tlsfleet.,bash zsh fish)

$(OUT)/tables: $(OUT)/scripts/generate/tables.o $(call archives,$(TABLE_ROOMS))
	$(CC) $(ALL_LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group

$(OUT)/tables.tsv: $(OUT)/tables
	$< >$@.new
	@mv $@.new $@

$(OUT)/man/%: man/%.in $(OUT)/tables.tsv $(wildcard man/options/*.txt scripts/generate/*.awk)
	@mkdir -p $(@D)
	$(GENERATE)man.awk $(OUT)/tables.tsv $(filter %.txt,$^) $< >$@.new
	@mv $@.new $@

$(OUT)/completion/tlsfleet.%: $(OUT)/tables.tsv $(wildcard scripts/generate/*)
	@mkdir -p $(@D)
	$(GENERATE)$*.awk $< >$@.new
	@cat $(wildcard scripts/generate/completion.$*) /dev/null >>$@.new
	@mv $@.new $@

.PHONY: man install uninstall deb
man: $(PAGES) $(COMPLETIONS)

install: all man
	@OUT='$(OUT)' DESTDIR='$(DESTDIR)' prefix='$(prefix)' scripts/place install

uninstall:
	@OUT='$(OUT)' DESTDIR='$(DESTDIR)' prefix='$(prefix)' scripts/place uninstall

deb: all man
	@OUT='$(OUT)' scripts/package

# The comment at the top of this file is the help.
.PHONY: clean help
help:
	@sed -n -e '/^$$/q' -e 's/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

clean:
	rm -rf build

-include $(shell find $(OUT) -name '*.d' -type f 2>/dev/null)
