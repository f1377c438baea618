# make run    a demo company on http://127.0.0.1:5000
# make test   lint, types and the whole suite, browser included
# make bench  requests a second and p95, as a ratio to bare Flask views
# make shots  contact sheets of every page in build/shots/
# All are safe to repeat; what is already there is not fetched again.

PYTHON  ?= $(shell for p in python3.11 python3 python3.14 python3.13 python3.12 python; do \
             $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PORT    ?= 5000
WORKERS ?= auto
BIN     := .venv/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check -qq

RUNTIME := .venv/.runtime-is-installed
TESTS   := .venv/.tests-are-installed

# Bytecode is kept, whatever the machine's habit: without it every start of a server compiles the product anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: install run test lint bench shots catalogue lock clean
.DELETE_ON_ERROR:

install: $(RUNTIME)

run: $(RUNTIME)
	$(BIN)/lms serve --demo --port $(PORT)

test: lint
	$(BIN)/python -m tests.browser.install
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadscope --no-loadscope-reorder

lint: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(TESTS)
	$(BIN)/python -m tests.bench

shots: $(TESTS)
	$(BIN)/python -m tests.browser.install
	$(BIN)/python -m tests.browser.shots

catalogue: $(TESTS)
	$(BIN)/python -m tests.catalogue

$(RUNTIME): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11 or newer is needed. On Debian or Ubuntu: apt-get install python3 python3-venv;" >&2; \
	  echo "elsewhere: https://www.python.org/downloads/. Then run make again, or make PYTHON=/path/to/python3." >&2; \
	  exit 1; fi
	@echo "Setting up .venv (the first time takes about a minute)"
	@$(PYTHON) -m venv .venv || { \
	  echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv." >&2; exit 1; }
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTS): $(RUNTIME) requirements-test.lock
	$(PIP) install --require-hashes --requirement requirements-test.lock
	@touch $@

# Newer versions within the bounds of pyproject.toml, with the hashes of every platform's files.
COMPILE := PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile \
  --quiet --upgrade --no-config --generate-hashes --strip-extras --allow-unsafe --all-build-deps \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra sqlite

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --quiet install pip-tools==7.6.2
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra test --constraint requirements.lock --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
