# Everything there is to do with Kith. `make` alone prints this list.
# The system's own first: distributions build theirs with optimisations, which a Python that was compiled by hand may lack.
PYTHON ?= $(shell for p in /usr/bin/python3 python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
PORT ?= 8000
LIVELY ?=
WORKERS ?= 2
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help env oracle run code test check bench bench-peers prove screenshots lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/base: requirements/base.txt
	@test -n "$(PYTHON)" || { echo "Kith needs Python 3.11 or newer, with venv. On Debian: apt install python3-venv"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@echo "Installing what Kith runs on (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev: .venv/base requirements/dev.txt
	@echo "Installing what the tests need (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

env: .venv/dev  ## make the environment for working on Kith

.venv-oracle/done: requirements/oracle.txt
	@test -x .venv-oracle/bin/python || $(PYTHON) -m venv .venv-oracle
	@echo "Installing what the proofs of study files are held against (once) ..."
	@.venv-oracle/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/oracle.txt
	@touch $@

oracle: .venv-oracle/done  ## make the environment that two proofs are held against, apart from Kith's own

run: .venv/base  ## start Kith with its demo on http://localhost:8000 (PORT=… changes it, LIVELY=1 adds people who talk)
	@KITH_DEMO=1 KITH_ORIGINS=http://localhost:$(PORT),http://127.0.0.1:$(PORT) PORT=$(PORT) LIVELY=$(LIVELY) \
		$(PY) manage.py embedded

code: .venv/base  ## print the current second-factor codes of the demo's staff
	@KITH_DEMO=1 $(PY) manage.py democode

test: .venv/dev  ## every test; says what it skipped without PostgreSQL, Redis or Chromium (ALL=1: see CONTRIBUTING)
	@$(PY) tests/run.py --workers $(WORKERS) $(if $(ALL),--all)

check: .venv/dev  ## style, types, import contracts, missing migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/mypy
	@$(PY) manage.py makemigrations --check --dry-run

.bench/python: .venv/dev requirements/bench.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --target $@ --upgrade -r requirements/bench.txt
	@touch $@

bench: .bench/python  ## measure speed and memory, as ratios within one run (needs gcc and Node); ONLY=name runs one
	@$(PY) -m bench $(ONLY)

bench-peers: .bench/python  ## measure Kith beside Misago and Spirit, installed for that (needs Python 3.12, PostgreSQL, Redis)
	@$(PY) -m bench.peers

prove: .venv/dev .venv-oracle/done  ## attack the promises; ONLY=name runs one
	@$(PY) -m proof $(ONLY)

screenshots: .venv/dev  ## make the pictures of README and research.md again; ONLY=name makes one
	@$(PY) docs/pictures/take.py $(ONLY)

lock: .venv/dev  ## compile the requirements again, with hashes
	@.venv/bin/uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.11 requirements/base.in -o requirements/base.txt
	@.venv/bin/uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	@.venv/bin/uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.11 -c requirements/base.txt requirements/bench.in -o requirements/bench.txt
	@.venv/bin/uv pip compile --quiet --universal --no-header --no-deps --generate-hashes --python-version 3.11 requirements/oracle.in -o requirements/oracle.txt
	@for peer in misago spirit; do .venv/bin/uv pip compile --quiet --no-header --generate-hashes --python-version 3.12 bench/peers/$${peer}_forum/requirements.in -o bench/peers/$${peer}_forum/requirements.txt; done

clean:  ## remove the environment and the demo's data
	@rm -rf .venv .venv-oracle var
