# What people do with this repository. `make` alone lists the verbs.
SWIFT  ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: help build release demo test hooks lint format install fuzz sanitize coverage mutate bench bench-check clean tools proxies

help:
	@echo 'make demo             build, render the quick-start example, let haproxy check it (installs haproxy)'
	@echo 'make test             install what the tests need (haproxy, nginx), build, run every test'
	@echo 'make hooks            try the pre-commit hooks on examples/gitops (builds a release)'
	@echo 'make lint             check layout and style'
	@echo 'make format           put the layout right'
	@echo 'make install PREFIX=  build a release that needs no Swift at run time, and install it'
	@echo 'make fuzz SECONDS=    random bytes for every reader, random values for every place of a configuration'
	@echo 'make fuzz RUNS= SEED= the same inputs each time'
	@echo 'make sanitize         every test under AddressSanitizer, then under ThreadSanitizer'
	@echo 'make coverage         lines that the tests reach, for each target'
	@echo 'make mutate           break 60 lines of the engine one at a time; the tests must notice'
	@echo 'make bench            measure beside Go, minijinja, Jinja2, Mako and a loop written by hand'
	@echo 'make bench-check      only the ratios that have a bar; fails when one is missed by more than half'
	@echo 'make clean            remove what was built'

build:
	$(SWIFT) build

release:
	$(SWIFT) build -c release --static-swift-stdlib --product haproxy-gen

# What the quick-start example becomes, what the real haproxy says about it, and which service it gives a request to;
# brings haproxy where it is missing.
demo:
	$(SWIFT) build --product haproxy-gen
	@mkdir -p .build/demo
	$$($(SWIFT) build --show-bin-path)/haproxy-gen render -t templates/haproxy.cfg.tmpl \
	    -s examples/quickstart/services -o .build/demo/haproxy.cfg
	@cat .build/demo/haproxy.cfg
	@PATH="$$PATH:/usr/sbin"; command -v haproxy >/dev/null 2>&1 || scripts/apt-install haproxy
	PATH="$$PATH:/usr/sbin" haproxy -c -f .build/demo/haproxy.cfg
	@echo '{"targets": [{"name": "demo", "template": "../../templates/haproxy.cfg.tmpl",' \
	    '"services": ["../../examples/quickstart/services"], "output": "haproxy.cfg"}]}' > .build/demo/haproxy-gen.json
	@echo 'Which service gets a request, and why:'
	@PATH="$$PATH:/usr/sbin"; $$($(SWIFT) build --show-bin-path)/haproxy-gen route \
	    --project .build/demo/haproxy-gen.json http://shop.example.com/cart

test: proxies
	$(SWIFT) build --build-tests
	PATH="$$PATH:/usr/sbin" $(SWIFT) test --skip-build

# Apart from `make test`, because pre-commit builds a release for it.
hooks: proxies
	scripts/pre-commit-test

# The proxies that the tests ask, from Debian's packages, when they are missing.
proxies: tools
	@scripts/install-proxies

# What the scripts need: git, Python, strace.
tools:
	@scripts/install-tools

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Tools
	scripts/lint

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Tools

# The program is installed without its symbols, which are more than half of it.
install: release
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/haproxy-gen/templates'
	install -s -m 755 "$$($(SWIFT) build -c release --static-swift-stdlib --show-bin-path)/haproxy-gen" '$(DESTDIR)$(PREFIX)/bin/haproxy-gen'
	install -m 644 templates/* '$(DESTDIR)$(PREFIX)/share/haproxy-gen/templates'

# Random bytes for each reader, with libFuzzer, and random values at every kind of place in a configuration. By hand each
# gets SECONDS from a fresh seed; with RUNS so many inputs from SEED, the same each time. What is found is kept in
# .build/fuzz/found.
fuzz: proxies
	scripts/fuzz $(if $(RUNS),$(RUNS)x $(or $(SEED),1),$(or $(SECONDS),10))

sanitize: proxies
	scripts/sanitize address
	scripts/sanitize thread

coverage: proxies
	scripts/coverage

# Whether the tests notice mistakes: takes some 20 minutes.
mutate: proxies
	scripts/mutate

# BENCH_JSON is the file of the results; BENCH_OPTIONS are those of `scripts/bench --help`.
BENCH_JSON ?= .build/benchmark.json

bench:
	scripts/bench --json '$(BENCH_JSON)' $(BENCH_OPTIONS)

# Run by hand: a benchmark never decides a test.
bench-check:
	scripts/bench --check --turns 7 $(BENCH_OPTIONS)

clean:
	rm -rf .build .tools
