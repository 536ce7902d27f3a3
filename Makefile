# Chi Trả. `make help` lists the targets. Python 3.11 and make are all that a fresh machine needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
UV := 0.13.9
STAMP_RUN := $(VENV)/.synced-run
STAMP_DEV := $(VENV)/.synced-dev

# How many steps a soak takes on each engine, and on which: sqlite, postgresql, or both.
STEPS ?= 20000
ENGINE ?= bookkeeper

.PHONY: help setup run test check e2e drill soak bench lock

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

setup: $(STAMP_DEV) ## make .venv with everything in it; quick when nothing changed
	@echo "Ready: .venv holds everything. Next: make run, make test."

run: $(STAMP_RUN) ## demo data, chat page, officers' pages and worker on this machine only
	@$(PY) -m bot demo

test: $(STAMP_DEV) ## the whole test suite, offline, on SQLite and PostgreSQL
	@$(PY) -m pytest -q -n 2 tests

check: $(STAMP_DEV) ## style, types, import contracts, dependencies, spelling, catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry . --no-ansi
	@$(BIN)/codespell
	@$(PY) -m pytest -q tests/test_locales.py tests/test_architecture.py tests/test_docs.py

e2e: $(STAMP_DEV) ## the pages in a real Chromium
	@$(PY) -m pytest -q tests/e2e

drill: $(STAMP_DEV) ## back up a ledger while it is written in, restore it into an empty place and prove it; on both engines
	@$(PY) -m pytest -q tests/verifier/test_restore.py

soak: $(STAMP_DEV) ## the ledger against a second bookkeeper, 20,000 new steps an engine; ENGINE=sqlite or postgresql, STEPS=n
	@$(PY) -m pytest -q -s --timeout=0 tests/core/ledger/test_machine.py -k $(ENGINE) --soak=$(STEPS)

bench: $(STAMP_DEV) ## the figures of bench/RESULTS.md, measured on this machine
	@$(PY) -m bench

lock: $(STAMP_DEV) ## write requirements*.txt from requirements*.in; UPGRADE=--upgrade for newer ones
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
			--no-emit-index-url --no-emit-find-links --no-header --no-annotate \
			$$name.in -o $$name.txt || exit 1; \
	done

$(PY):
	@test -n "$(PYTHON)" || { echo "Chi Trả needs Python 3.11 or newer: install it, or say which one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Chi Trả needs Python 3.11 or newer, and $(PYTHON) is older: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python has no venv module. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

# $(1): the file of pins. uv installs in seconds; where there is no uv, pip does the same slowly.
define sync
	@echo "Setting up $(VENV) from $(1) ..."
	@{ test "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV)" || $(PY) -m pip install -q --disable-pip-version-check "uv==$(UV)"; } \
		&& $(BIN)/uv pip sync -q --require-hashes --python $(PY) $(1) \
		|| { echo "uv could not do it; trying pip, which takes a little longer."; \
		     $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $(1); }
endef

$(STAMP_DEV): requirements-dev.txt | $(PY)
	$(call sync,requirements-dev.txt)
	@touch $(STAMP_DEV) $(STAMP_RUN)

# A complete development environment runs the product too, so it is kept complete.
$(STAMP_RUN): requirements.txt | $(PY)
	@if [ -e $(STAMP_DEV) ]; then $(MAKE) --no-print-directory $(STAMP_DEV); touch $(STAMP_RUN); fi
	$(if $(wildcard $(STAMP_DEV)),,$(call sync,requirements.txt))
	@touch $(STAMP_RUN)
