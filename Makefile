# JOS, the backend for Jeugdhulp op School. `make help` lists what can be done; each line is the text behind a target.
SHELL  := /bin/bash
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
.DEFAULT_GOAL := help
.PHONY: help demo up test check generate bench faults lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: $(VENV)/run.done  ## the whole way on this machine: start everything, push half a year, print the page (ONCE=1: then stop; FEED=kafka: on a broker)
	@$(BIN)/jos demo $(if $(ONCE),--once) $(if $(FEED),--feed $(FEED)) $(if $(DATA),--data $(DATA))

up: $(VENV)/run.done  ## start every service on this machine and stay up until Ctrl-C
	@$(BIN)/jos up $(if $(FEED),--feed $(FEED)) $(if $(DATA),--data $(DATA))

test: $(VENV)/test.done  ## every test, on real PostgreSQL, started and stopped by the tests (ARGS: more words for pytest)
	@$(BIN)/pytest -n 2 --dist loadscope $(ARGS)

check: $(VENV)/check.done  ## style, types, who imports whom, dependencies, generated files, lock files
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry .
	@$(BIN)/python -m tools.generated --check
	@$(BIN)/python -m tools.locks

generate: $(VENV)/run.done  ## write what is generated: OpenAPI, GraphQL schema, KPI catalogue
	@$(BIN)/python -m tools.generated

bench: $(VENV)/bench.done  ## the quick set of benchmarks, with ratios to a floor or a peer in the same run
	@$(BIN)/python -m benchmarks

faults: $(VENV)/test.done  ## break everything on purpose for an hour: hundreds of kills, thousands of cut replies (SEED to repeat one)
	@$(BIN)/python -m tests.faults $(if $(SEED),--seed $(SEED)) $(ARGS)

lock:  ## resolve the requirements anew (needs uv); the lock files hold hashes and no addresses
	@cd requirements && for name in run test check bench; do \
	  uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate $(if $(UPGRADE),--upgrade) $$name.in -o $$name.lock || exit 1; \
	done
	@$(PYTHON) -m tools.locks

clean:  ## remove the virtualenv and the caches; the data of the demo stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The virtualenv is made once per lock file: uv when it is there, else pip. A user of the demo installs run.lock alone.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "JOS needs Python 3.11 or newer: make PYTHON=/path/to/python"; exit 69; }
	@if command -v uv >/dev/null; then uv venv -q --allow-existing --python "$$(command -v $(PYTHON))" $(VENV); \
	 else $(PYTHON) -m venv $(VENV) || { echo "no venv module: on Debian, apt install python3-venv"; exit 69; }; fi

$(VENV)/run.done: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing what JOS runs on into $(VENV) ..."
	@$(call install,-r requirements/run.lock)
	@$(call install_jos)
	@touch $@

$(VENV)/test.done: requirements/test.lock $(VENV)/run.done
	@echo "installing what the tests need ..."
	@$(call install,-r requirements/run.lock -r requirements/test.lock)
	@touch $@

$(VENV)/check.done: requirements/check.lock $(VENV)/test.done
	@echo "installing what the checks need ..."
	@$(call install,-r requirements/run.lock -r requirements/test.lock -r requirements/check.lock)
	@touch $@

$(VENV)/bench.done: requirements/bench.lock $(VENV)/test.done
	@echo "installing what the benchmarks compare with ..."
	@$(call install,-r requirements/run.lock -r requirements/test.lock -r requirements/bench.lock)
	@touch $@

define install
if command -v uv >/dev/null; then uv pip install -q --require-hashes -p $(BIN)/python $(1); \
else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes $(1); fi
endef
define install_jos
if command -v uv >/dev/null; then uv pip install -q -p $(BIN)/python --no-deps --no-build-isolation -e .; \
else $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
endef
