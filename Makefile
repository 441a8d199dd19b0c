# foimaild - Freedom of Information intake. `make help` lists the targets.
# One Makefile, not recursive; everything built goes under $(BUILD).

VERSION := 0.1.0
CC      ?= gcc
PREFIX  ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
BUILD   := build$(if $(FUZZ),/fuzz,$(if $(SANITIZE),/sanitize)$(if $(filter clang%,$(notdir $(CC))),/clang))

.DEFAULT_GOAL := all

# ---- what it is built with --------------------------------------------------------------------

LIBRARIES := libetpan libcurl libsystemd sqlite3 jansson libseccomp inih nettle gumbo
WARNINGS  := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes \
             -Wstrict-prototypes -Wformat=2 -Wimplicit-fallthrough -Werror
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection $(if $(SANITIZE)$(FUZZ),,-D_FORTIFY_SOURCE=2)
SANITIZER = $(if $(SANITIZE)$(FUZZ),-fsanitize=address$(,)undefined$(if $(FUZZ),$(,)fuzzer-no-link) -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
,         := ,

# -isystem: foreign headers are not ours to make warning-free.
FOREIGN_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(LIBRARIES)))
# libetpan.pc carries a -specs of Debian's own build; gcc would drop PIE for it, clang warns.
FOREIGN_LIBS   = $(filter-out -specs=%,$(shell pkg-config --libs $(LIBRARIES)))

CFLAGS   ?= -O2 -g
ALL_CFLAGS = -std=gnu17 $(CFLAGS) $(WARNINGS) $(HARDENING) $(SANITIZER) -MMD -MP \
             -D_GNU_SOURCE -DFOIMAILD_VERSION='"$(VERSION)"' -DFOIMAILD_PREFIX='"$(PREFIX)"' \
             -DFOIMAILD_TESTS='"$(CURDIR)/tests"' -DFOIMAILD_CONF='"$(CURDIR)/conf"' \
             -Ilib -I. $(FOREIGN_CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed $(SANITIZER) $(LDFLAGS)

# ---- what it is made of -----------------------------------------------------------------------

PROGRAMS   := foimaild foictl
LIB_SRC    := $(wildcard lib/*/*.c)
DAEMON_SRC := $(filter-out $(PROGRAMS:%=daemon/%.c),$(wildcard daemon/*.c))
UNIT_SRC   := $(wildcard tests/unit/test_*.c)
INTEGRATION_SRC := $(wildcard tests/integration/test_*.c)
BENCH_SRC  := $(wildcard tests/bench/reader*.c)
SCALING_SRC := $(wildcard tests/bench/scaling*.c)
SUPPORT_SRC := $(wildcard tests/support/*.c)

LIB_OBJ    := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
DAEMON_OBJ := $(DAEMON_SRC:%.c=$(BUILD)/obj/%.o)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(BUILD)/obj/%.o)
UNIT_BIN   := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
INTEGRATION_BIN := $(INTEGRATION_SRC:%.c=$(BUILD)/%)
POISON     := $(BUILD)/tests/integration/poison.so
TRACE_WORKER := $(BUILD)/tests/crash/trace_worker.so
SOAK_CLOCK := $(BUILD)/tests/soak/clock.so
BENCH_OBJ  := $(BENCH_SRC:%.c=$(BUILD)/obj/%.o)
SCALING_OBJ := $(SCALING_SRC:%.c=$(BUILD)/obj/%.o)
BENCH_BIN  := $(BUILD)/tests/bench/reader $(BUILD)/tests/bench/scaling

# What a fuzz target is linked with; without libFuzzer replay.c feeds it the inputs that are kept.
FUZZ_SRC   := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN   := $(FUZZ_SRC:%.c=$(BUILD)/%)
FUZZ_OBJ   := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out $(FUZZ_SRC) tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))
FUZZ_MAIN  := $(if $(FUZZ),-fsanitize=fuzzer,$(BUILD)/obj/tests/fuzz/replay.o)

# The daemon's core is a library too: only the two main files are out of the tests' reach.
ARCHIVES := $(BUILD)/libfoid.a $(BUILD)/libfoi.a

.PHONY: all all-tests help clean distclean demo check check-unit check-integration check-crash soak lint bench fuzz fuzz-programs FORCE

all: $(PROGRAMS:%=$(BUILD)/%) ## build the daemon and its client

$(BUILD)/libfoi.a: $(LIB_OBJ)
$(BUILD)/libfoid.a: $(DAEMON_OBJ)
# An archive, so that a target has only what it uses: all that is linked is looked over each time.
$(BUILD)/libfuzz.a: $(FUZZ_OBJ) $(SUPPORT_OBJ)
$(ARCHIVES) $(BUILD)/libfuzz.a:
	@rm -f $@
	ar rcs $@ $^

# Paths below PREFIX are compiled in: another PREFIX at `make install` builds anew.
$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
FORCE:

$(BUILD)/obj/%.o: %.c Makefile $(BUILD)/prefix
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The assembler takes the interface file in, unseen by -MMD.
$(BUILD)/obj/lib/adapters/varlink_text.o: conf/org.foimaild.Cases.varlink

$(PROGRAMS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/obj/daemon/%.o $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(ARCHIVES) $(FOREIGN_LIBS)

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(SUPPORT_OBJ) $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(SUPPORT_OBJ) $(ARCHIVES) $(FOREIGN_LIBS) -lcmocka

$(BUILD)/tests/integration/%: $(BUILD)/obj/tests/integration/%.o $(SUPPORT_OBJ) $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(SUPPORT_OBJ) $(ARCHIVES) $(FOREIGN_LIBS) -lcmocka

$(BUILD)/tests/bench/reader: $(BENCH_OBJ)
$(BUILD)/tests/bench/scaling: $(SCALING_OBJ)
$(BENCH_BIN): $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(ARCHIVES) $(FOREIGN_LIBS)

# Preloaded into the daemon by test_poison.sh; never a part of it, and without its sanitizers.
$(POISON): tests/integration/poison.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(CFLAGS) $(WARNINGS) -D_GNU_SOURCE -Ilib -I. -fPIC -shared -o $@ $< -ljansson

# The same for the tests that trace a worker.
$(TRACE_WORKER): tests/crash/trace_worker.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(CFLAGS) $(WARNINGS) -D_GNU_SOURCE -fPIC -shared -o $@ $<

# The same for the soak.
$(SOAK_CLOCK): tests/soak/clock.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(CFLAGS) $(WARNINGS) -D_GNU_SOURCE -fPIC -shared -o $@ $<

$(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(filter %.o,$(FUZZ_MAIN)) $(BUILD)/libfuzz.a $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(BUILD)/libfuzz.a $(ARCHIVES) $(FOREIGN_LIBS) -lcmocka

# Kept, or each `make check` would compile all tests again.
.SECONDARY: $(UNIT_SRC:%.c=$(BUILD)/obj/%.o) $(SUPPORT_OBJ) $(FUZZ_SRC:%.c=$(BUILD)/obj/%.o)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- where it goes ----------------------------------------------------------------------------

# The configuration is installed only where there is none yet: an administrator's is never replaced.
SHARE     := $(DESTDIR)$(PREFIX)/share
SYSTEMD   := $(DESTDIR)$(PREFIX)/lib
SETTINGS  := $(DESTDIR)$(SYSCONFDIR)/foimaild
MAN_PAGES := $(wildcard conf/man/*.[158])
PLACED    := sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' \
             -e 's|/usr/local/share/foimaild|$(PREFIX)/share/foimaild|g'

.PHONY: install install-programs install-data install-man install-systemd

install: install-programs install-data install-man install-systemd ## install below DESTDIR and PREFIX

install-programs: all
	install -D -m 0755 $(BUILD)/foimaild $(DESTDIR)$(PREFIX)/sbin/foimaild
	install -D -m 0755 $(BUILD)/foictl $(DESTDIR)$(PREFIX)/bin/foictl

install-data:
	install -d $(SHARE)/foimaild/templates $(SETTINGS)
	install -m 0644 $(wildcard conf/bank-holidays*.json conf/*.varlink) $(SHARE)/foimaild
	$(if $(wildcard conf/acknowledgement-*.txt),install -m 0644 $(wildcard conf/acknowledgement-*.txt) $(SHARE)/foimaild/templates)
	$(PLACED) conf/foimaild.conf >$(SHARE)/foimaild/foimaild.conf.example
	chmod 0644 $(SHARE)/foimaild/foimaild.conf.example
	test -e $(SETTINGS)/foimaild.conf || \
		install -m 0644 $(SHARE)/foimaild/foimaild.conf.example $(SETTINGS)/foimaild.conf

install-man:
	install -d $(foreach page,$(MAN_PAGES),$(SHARE)/man/man$(subst .,,$(suffix $(page))))
	$(foreach page,$(MAN_PAGES),$(PLACED) $(page) \
		>$(SHARE)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)) &&) true
	chmod 0644 $(foreach page,$(MAN_PAGES),$(SHARE)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))

install-systemd:
	install -d $(SYSTEMD)/systemd/system
	$(PLACED) contrib/systemd/foimaild.service.in >$(SYSTEMD)/systemd/system/foimaild.service
	chmod 0644 $(SYSTEMD)/systemd/system/foimaild.service
	install -m 0644 contrib/systemd/foimaild.socket $(SYSTEMD)/systemd/system
	install -D -m 0644 contrib/systemd/foimaild.sysusers $(SYSTEMD)/sysusers.d/foimaild.conf
	install -D -m 0644 contrib/systemd/foimaild.tmpfiles $(SYSTEMD)/tmpfiles.d/foimaild.conf
	install -D -m 0644 contrib/systemd/foimaild.catalog $(SYSTEMD)/systemd/catalog/foimaild.catalog

# ---- trying and testing ------------------------------------------------------------------------

# Packages first: nothing below can be built, or even be asked of pkg-config, without them.
AGAIN = $(MAKE) --no-print-directory
BUILD_ALL = $(AGAIN) -j"$$(nproc)"

demo: ## install what is missing, build, and show the main job with real mail servers
	tests/packages.sh build test
	$(BUILD_ALL) all
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/demo.sh

check: ## install what is missing and run all tests; SANITIZE=1: under ASan and UBSan
	tests/packages.sh build test
	$(BUILD_ALL) all all-tests
	$(AGAIN) check-unit check-integration

all-tests: $(UNIT_BIN) $(INTEGRATION_BIN) $(POISON) $(TRACE_WORKER) $(SOAK_CLOCK) $(FUZZ_BIN) $(BENCH_BIN)

check-unit: $(UNIT_BIN) $(FUZZ_BIN) all ## the unit tests alone
	tests/run.sh unit $(UNIT_BIN) $(FUZZ_BIN)

check-integration: $(INTEGRATION_BIN) $(POISON) $(TRACE_WORKER) all ## the tests with real servers alone
	rm -rf build/logs/journal
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/run.sh integration $(wildcard tests/integration/test_*.sh)
	tests/integration/search_journal.py build/logs/journal tests/integration tests/mail tests/samples

# In the environment of run.sh: POINTS and RESUME, where they are given.
check-crash: ## killed at, and failing in, each call that writes, syncs or sends: 50 minutes; POINTS=200: so many; RESUME=1: go on
	tests/packages.sh build test
	$(BUILD_ALL) all $(TRACE_WORKER)
	DAEMON_BUILD=$(CURDIR)/$(BUILD) POINTS=$(POINTS) RESUME=$(RESUME) tests/crash/run.sh

MINUTES := 30
MAILS   := 20000

soak: ## 20,000 mails over MINUTES=30, and every few seconds an accident: kills, outages, cut connections, clocks that step; SEED=7: these ones
	tests/packages.sh build test
	$(BUILD_ALL) all $(SOAK_CLOCK)
	rm -rf build/logs/journal
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/soak/soak.sh $(MINUTES) $(MAILS) $(SEED)
	tests/integration/search_journal.py build/logs/journal tests/soak

lint: ## clang's build, layers, structure, clang-format, shellcheck, cppcheck, clang-tidy
	tests/packages.sh build test lint
	$(BUILD_ALL) CC=clang LDFLAGS='-Werror -Wl,--fatal-warnings' all all-tests
	tests/lint/layers.sh
	tests/lint/structure.sh
	clang-format --dry-run -Werror $(wildcard lib/*/*.[ch] daemon/*.[ch] tests/*/*.[ch])
	shellcheck $(wildcard tests/*.sh tests/*/*.sh)
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--library=tests/lint/cppcheck.cfg --suppressions-list=tests/lint/cppcheck.txt \
		--error-exitcode=1 -j2 -Ilib -I. lib daemon
	tests/lint/tidy.sh $(filter-out -MMD -MP -Werror -fstack-clash-protection,$(ALL_CFLAGS))

# Of each target. The name means something to bash, which is why it is handed on as a word.
SECONDS := 60

fuzz: ## fuzz each target for SECONDS=60; TARGET=letter: that one alone
	tests/packages.sh build test fuzz
	$(BUILD_ALL) FUZZ=1 CC=clang fuzz-programs
	tests/fuzz/run.sh build/fuzz $(SECONDS) $(TARGET)

fuzz-programs: $(if $(TARGET),$(BUILD)/tests/fuzz/fuzz_$(TARGET),$(FUZZ_BIN))

bench: ## hostile mails at two lengths; reading mails by itself; latency, memory and counting anew beside real servers
	tests/packages.sh build test
	$(AGAIN) all $(BENCH_BIN)
	$(BUILD)/tests/bench/scaling
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/bench/reader.sh
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/bench/latency.sh
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/bench/memory.sh
	DAEMON_BUILD=$(CURDIR)/$(BUILD) tests/bench/recount.sh

help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

clean: ## remove what was built
	rm -rf build

distclean: clean
