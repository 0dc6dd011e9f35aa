# maillage: `make` alone prints what there is.
PY ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/bootstrap.lock requirements/app.lock requirements/dev.lock requirements/static.lock
COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header
OUT ?= build/mali
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help setup demo practice test test-slow lint bench lock clean

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.stamp  ## make .venv with everything at the locked versions

$(VENV)/.stamp: $(LOCKS) pyproject.toml
	@test -n "$(PY)" || { echo "maillage needs Python 3.11 or newer: install it, or say make PY=/path/to/python3 ..."; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PY) is older than Python 3.11"; exit 1; }
	$(PY) -m venv --clear $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements/bootstrap.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/app.lock -r requirements/dev.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src/maillage
	@$(BIN)/python scripts/fetch_static.py
	@touch $@

demo: setup  ## build the report on Mali into build/mali
	@$(BIN)/maillage release --study studies/mali --audience public --langs fr,en --out $(OUT)

practice: setup  ## make the practice study anew in build/practice, with its releases
	@$(BIN)/python scripts/make_practice.py build/practice

test: setup  ## everything that CI must see pass, in under ten minutes
	@sh scripts/need-chromium.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "not slow"

test-slow: setup  ## the slow tests too
	@sh scripts/need-chromium.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

lint: setup  ## shape, style and types
	$(BIN)/ruff check src tests bench scripts
	$(BIN)/ruff format --check src tests bench scripts
	$(BIN)/pyright

bench: setup  ## measure the speed goals and write bench/RESULTS.md
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/bench.lock
	$(BIN)/python bench/run.py

lock: setup  ## resolve the dependencies anew (host-free, hash-pinned)
	$(COMPILE) requirements/bootstrap.in -o requirements/bootstrap.lock
	$(COMPILE) pyproject.toml -o requirements/app.lock
	$(COMPILE) --group dev -c requirements/app.lock -o requirements/dev.lock
	$(COMPILE) --group bench --group dev -c requirements/app.lock -c requirements/dev.lock -o requirements/bench.lock
	$(COMPILE) --no-deps requirements/static.in -o requirements/static.lock

clean:  ## remove what was built (.venv stays)
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -type d -exec rm -rf {} +
