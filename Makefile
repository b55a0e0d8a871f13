# Two commands matter: `make demo` shows everything, `make test` proves it.
SHELL := /bin/bash
export UV_PYTHON_DOWNLOADS := never
PYTHON ?= python3
BIN := .venv/bin
DEMO_DIR ?= var/demo
PORT ?= 8080
STARTED := $(shell date +%s)
PYTEST_ARGS ?= -n 2

.PHONY: setup demo run test test-sqlite test-postgresql lint bench mutation fuzz image-check lock clean

setup: .venv/.ready

.venv/.ready: requirements-dev.txt requirements-uv.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip sync --quiet --require-hashes requirements-dev.txt --python $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/testamur demo --dir $(DEMO_DIR) --port $(PORT) --started $(STARTED)

run: setup
	$(BIN)/testamur serve --port $(PORT)

# Implementations that are not ours; without Node their tests skip and say so (with CI=true they fail).
tests/interop/node_modules/.ready: tests/interop/package-lock.json
	if command -v npm >/dev/null; then cd tests/interop && npm ci --silent --no-audit --no-fund && touch node_modules/.ready; fi

# Everything twice: on SQLite, and on a PostgreSQL that the tests start and end (tests/postgres.py).
test: lint
	$(MAKE) --no-print-directory test-sqlite
	$(MAKE) --no-print-directory test-postgresql

test-sqlite test-postgresql: setup tests/interop/node_modules/.ready
	TESTAMUR_TEST_DATABASE=$(subst test-,,$@) $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/testamur bench

# Switch each check of the verifier off and see that a test notices: some twenty minutes on two cores, while
# tests/mutation/noticed.json is in step with the checks; without it most of two hours.
mutation: setup
	$(BIN)/python tests/mutation/run.py

# Every parser of outside bytes, FUZZ_SECONDS each; before a release an hour each.
FUZZ_SECONDS ?= 60
fuzz: setup
	$(BIN)/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS)

image-check:
	bash tests/image/check.sh

# After a change of dependencies in pyproject.toml. No file may name where the packages came from.
lock:
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.txt
	echo uv | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header - -o requirements-uv.txt

clean:
	rm -rf .venv build var tests/interop/node_modules
