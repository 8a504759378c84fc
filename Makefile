# The front door: `make help` lists what it opens.

# How long `make demo` runs: 30s, 5m …; 0 = until Ctrl-C.
FOR ?= 30s
# Parallel compilers and tests.
JOBS ?= $(shell nproc)
# How long `make fuzz` works on each target.
FUZZ_SECONDS ?= 60
# `no` = never install packages.
DEPS ?= yes
# Where `make install` puts the programs; DESTDIR goes in front of it.
PREFIX ?= /usr/local
# Pairs of measurements that `make bench` takes; its medians are those of the pairs.
PAIRS ?= 7
# Minutes that clang-tidy may take in `make check`; what it did not reach is said.
TIDY_MINUTES ?= 10

# What `make demo` starts.
demo_programs = coven coven-broker coven-chat coven-sim
# Sources of tests/fuzz with a `look_at` of their own.
fuzz_targets = $(basename $(notdir $(shell grep -l '^void look_at' tests/fuzz/*.cpp)))
# Tests that `make end-to-end` runs, and all that `make test` leaves out.
together = ^(end_to_end|slow)$$
apart = ^(end_to_end|slow|container)$$

# Equal sources make equal objects, wherever the tree lies: a second copy of it builds from ccache.
export CCACHE_BASEDIR = $(CURDIR)
export CCACHE_NOHASHDIR = 1
export UBSAN_OPTIONS ?= print_stacktrace=1
PYTHON = /usr/bin/python3
CTEST = ctest --output-on-failure --timeout 120 --no-tests=error -j $(JOBS)

.DEFAULT_GOAL := help
.PHONY: help deps deps-test deps-bench deps-container build build-bench demo test end-to-end \
        container bench bench-short fuzz check check-format check-tidy check-asan check-lint tidy \
        format python-proto install clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
	    while IFS="$$(printf '\t')" read -r name text; do \
	        printf '  make %-13s %s\n' "$$name" "$$text"; done

deps: ## install the Debian packages that building and running needs
ifeq ($(DEPS),yes)
	@deploy/install-packages build
endif

deps-test: deps ## install what only tests need, too
ifeq ($(DEPS),yes)
	@deploy/install-packages test
	@$(MAKE) --no-print-directory build/node/node_modules/.package-lock.json
endif

# The chat clients of others that our tests compare with; `npm ci` checks what it gets by hash.
build/node/node_modules/.package-lock.json: tests/node/package.json tests/node/package-lock.json
	@mkdir -p build/node
	cp $^ build/node
	cd build/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Made anew when the presets change; ninja itself sees to the rest.
build/%/build.ninja: CMakePresets.json
	cmake --preset $*

build: deps ## build everything, optimized, into build/release/bin
	@$(MAKE) --no-print-directory build/release/build.ninja
	cmake --build --preset release -j $(JOBS)

demo: deps ## run the whole system against the local Twitch for 30 s (FOR=5m; FOR=0: until Ctrl-C)
	@$(MAKE) --no-print-directory build/release/build.ninja
	cmake --build --preset release -j $(JOBS) --target $(demo_programs)
	build/release/bin/coven demo --for $(FOR)

test: deps-test ## build with tests and run them
	@$(MAKE) --no-print-directory build/dev/build.ninja
	cmake --build --preset dev -j $(JOBS)
	$(CTEST) --test-dir build/dev -LE '$(apart)' --output-junit $(CURDIR)/build/report-test.xml

end-to-end: deps-test ## run the real programs together, and the proof of the new connector
	@$(MAKE) --no-print-directory build/dev/build.ninja
	cmake --build --preset dev -j $(JOBS)
	$(CTEST) --test-dir build/dev -L '$(together)' \
	    --output-junit $(CURDIR)/build/report-end-to-end.xml

container: deps-container python-proto ## build the image and run deploy/compose.yaml, in Docker
	@$(MAKE) --no-print-directory build/dev/build.ninja
	$(CTEST) --verbose --test-dir build/dev -L '^container$$' \
	    --output-junit $(CURDIR)/build/report-container.xml

deps-container: deps-test
ifeq ($(DEPS),yes)
	@deploy/install-packages container
endif

deps-bench: deps
ifeq ($(DEPS),yes)
	@deploy/install-packages test bench
endif

build-bench: deps-bench
	@$(MAKE) --no-print-directory build/bench/build.ninja
	cmake --build --preset bench -j $(JOBS) --target bench_programs

bench: build-bench ## measure against the peers, write docs/performance.md; fails below a gate
	$(PYTHON) tests/bench/bench.py --programs build/bench/bin --pairs $(PAIRS)

bench-short: build-bench ## the same in a minute: one pair of short runs, no gates, no files
	$(PYTHON) tests/bench/bench.py --programs build/bench/bin --pairs 1 --gates no --short

fuzz: deps-test ## feed noise to all that reads what strangers wrote (FUZZ_SECONDS=60 each)
	@$(MAKE) --no-print-directory build/fuzz/build.ninja
	cmake --build --preset fuzz -j $(JOBS) --target $(addprefix fuzz_,$(fuzz_targets))
	$(PYTHON) tests/fuzz/run.py --build build/fuzz --seconds $(FUZZ_SECONDS) --jobs $(JOBS)

check: check-format check-tidy check-asan check-lint ## format, rules, sanitizers, clang-tidy

check-format: deps-test
	git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format-14 --dry-run --Werror

check-tidy: deps-test
	$(PYTHON) tests/tidy/tidy.py .

check-asan: deps-test
	@$(MAKE) --no-print-directory build/asan/build.ninja
	cmake --build --preset asan -j $(JOBS)
	$(CTEST) --test-dir build/asan -LE '$(apart)' --output-junit $(CURDIR)/build/report-asan.xml

check-lint: deps-test
	@$(MAKE) --no-print-directory build/dev/build.ninja
	cmake --build --preset dev -j $(JOBS) --target coven_proto
	$(PYTHON) tests/tidy/lint.py --build build/dev --jobs $(JOBS) --minutes $(TIDY_MINUTES)

tidy: deps-test ## clang-tidy on every file, however long it takes
	@$(MAKE) --no-print-directory build/dev/build.ninja
	cmake --build --preset dev -j $(JOBS) --target coven_proto
	$(PYTHON) tests/tidy/lint.py --build build/dev --jobs $(JOBS) --all

format: deps-test ## format every source
	git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format-14 -i

python-proto: deps ## generate the Python modules of the events into build/python
	@mkdir -p build/python
	@protoc -I proto --python_out=build/python $$(find proto/ -name '*.proto')

install: build ## install the programs under PREFIX (/usr/local)
	cmake --install build/release --prefix $(PREFIX)

clean: ## remove everything that was built
	rm -rf build
