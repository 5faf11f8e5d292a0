# Everything a developer does, by name; `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE  # else every run of the tests compiles all of them anew, in each worker
PY := .venv/bin/python
WORKERS ?= 2
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder
COVERAGE := $(PY) -m coverage
PART = $(if $(ARGS),--fail-under=0)
BEGUN := $(shell date +%s)
TOOK = code=$$?; echo "make $@ took $$(( $$(date +%s) - $(BEGUN) )) s"; exit $$code

.PHONY: help ready installed run stop clean test slow faults heavy containers debian13 bench files-passed fmt lint types
.PHONY: imports check contracts lock pictures doctor

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

ready: # the environment (.venv) with everything that the locks name; quick when nothing changed
	@infra/deploy/setup.sh developers

installed: # the same without what only developers need
	@infra/deploy/setup.sh users

run: installed ## start everything, load the examples, walk the journey, show the matrix; Ctrl-C ends it
	@.venv/bin/brandmatrix run $(ARGS); $(TOOK)

stop: ## end every process that was started from this folder, by its id
	@if [ -x $(PY) ]; then $(PY) -m infra.ops.cli stop; fi

clean: stop ## stop, then forget data, logs, ports and caches (.venv stays)
	@find .runtime/test* -type l -exec readlink {} + 2>/dev/null | grep ^/dev/shm/brandmatrix- | xargs -r rm -rf  # a killed run's data in memory
	@rm -rf .runtime .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist

test: ready ## unit, contract, integration and e2e tests on real servers of our own, and what they cover
	@$(COVERAGE) erase; $(PYTEST) -p tests.support.harness.measuring $(ARGS) && $(COVERAGE) combine -q && $(COVERAGE) report $(PART); $(TOOK)

slow: ready ## what takes its time: a year of HR, a whole batch, the guides word by word
	@$(PYTEST) -m slow $(ARGS); $(TOOK)

faults: ready ## break processes, servers and messages on purpose; nothing may be lost
	@$(PYTEST) -m faults $(ARGS); $(TOOK)

heavy: ready ## what takes longer than a check may: five thousand people; see docs/testing.md
	@$(PY) -m pytest -m heavy $(ARGS); $(TOOK)

containers: ready ## build the images; the journey in containers, every service stopped and started (STAY=1: stay up)
	@$(PY) -m pytest -m containers -s $(ARGS); $(TOOK)

debian13: ## make run and make test on a fresh Debian 13, in a chroot (as root; ARGS: of the tests)
	@infra/deploy/debian13.sh $(ARGS); $(TOOK)

bench: ready ## commands/s, events/s to effect and latencies, beside the bare servers
	@$(PY) -m pytest -m bench -s $(ARGS); $(TOOK)

files-passed: ready ## how many files each step of a journey passes, in a running system (about 10 minutes)
	@$(PY) -m tests.bench.files_passed $(ARGS); $(TOOK)

fmt: ready ## format the code and mend what can be mended
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix --show-fixes .

lint: ready ## ruff: format and rules
	@$(PY) -m ruff format --check . && $(PY) -m ruff check .

types: ready ## mypy --strict
	@$(PY) -m mypy

imports: ready ## who may import whom (the laws in pyproject.toml)
	@.venv/bin/lint-imports

check: lint types imports ## everything that must hold before a change lands: lint, types, imports, contracts, test, slow, faults
	@$(PY) -m infra.ops.cli contracts --check
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory slow
	@$(MAKE) --no-print-directory faults
	@$(TOOK)

contracts: ready ## write the facts' contracts and docs/events.md from the code
	@$(PY) -m infra.ops.cli contracts

lock: ready ## pin and hash all dependencies anew, for Python 3.11+ on any machine
	@infra/deploy/lock.sh

pictures: ready ## the pictures in README: a run, its matrix, an API page (needs Chromium)
	@$(PY) -m examples.pictures

doctor: installed ## what is wrong with servers, queues and facts, and how to mend it
	@.venv/bin/brandmatrix doctor $(ARGS)
