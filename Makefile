# foimaild - Freedom of Information intake. `make help` lists the targets.
# One Makefile, not recursive; everything built goes under $(BUILD).

VERSION := 0.1.0
CC      ?= gcc
PREFIX  ?= /usr/local
BUILD   := build$(if $(SANITIZE),/sanitize)$(if $(filter clang%,$(notdir $(CC))),/clang)

.DEFAULT_GOAL := all

# ---- what it is built with --------------------------------------------------------------------

LIBRARIES := libetpan libcurl libsystemd sqlite3 jansson libseccomp inih nettle gumbo
WARNINGS  := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes \
             -Wstrict-prototypes -Wformat=2 -Wimplicit-fallthrough -Werror
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)
SANITIZER = $(if $(SANITIZE),-fsanitize=address$(,)undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
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
SUPPORT_SRC := $(wildcard tests/support/*.c)

LIB_OBJ    := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
DAEMON_OBJ := $(DAEMON_SRC:%.c=$(BUILD)/obj/%.o)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(BUILD)/obj/%.o)
UNIT_BIN   := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

# The daemon's core is a library too: only the two main files are out of the tests' reach.
ARCHIVES := $(BUILD)/libfoid.a $(BUILD)/libfoi.a

.PHONY: all help clean distclean

all: $(PROGRAMS:%=$(BUILD)/%) ## build the daemon and its client

$(BUILD)/libfoi.a: $(LIB_OBJ)
$(BUILD)/libfoid.a: $(DAEMON_OBJ)
$(ARCHIVES):
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The assembler takes the interface file in, unseen by -MMD.
$(BUILD)/obj/lib/adapters/varlink_text.o: conf/org.foimaild.Cases.varlink

$(PROGRAMS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/obj/daemon/%.o $(ARCHIVES)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(ARCHIVES) $(FOREIGN_LIBS)

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(SUPPORT_OBJ) $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(SUPPORT_OBJ) $(ARCHIVES) $(FOREIGN_LIBS) -lcmocka

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

clean: ## remove what was built
	rm -rf build

distclean: clean
