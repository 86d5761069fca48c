# make run    the demo: the console, both simulators, everything they need
# make test   all tests                   make check  format, lint, types, contracts, deployment
# make clients  clients of strangers, in JavaScript, drive the simulators (needs Node 18 and npm)
# make reset  forget the demo's data      make lock   compile the lock files (needs uv)
# make bench  measure, one line of JSON per figure; make bench NAMES=simulators for a part of it

PYTHON ?= python3
BIN := .venv/bin
CHROMIUM := /usr/bin/chromium

# What `make check` reads as a deployment: the example, with the secrets it leaves out.
DEPLOYMENT := set -a; . ./.env.example; CRMSYNC_ENV_FILE=/dev/null; \
	SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))'); \
	CREDENTIAL_KEYS=$$($(PYTHON) -c 'import base64, os; \
		print(base64.urlsafe_b64encode(os.urandom(32)).decode())'); \
	DATABASE_URL=postgresql://nobody@127.0.0.1:9/none; REDIS_URL=redis://127.0.0.1:9/0; set +a; set -x;

.PHONY: run test check bench clients reset lock chromium

run: .venv/.runtime
	@exec $(BIN)/python -m crmsync.demo

test: .venv/.dev chromium
	$(BIN)/python -m pytest

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(DEPLOYMENT) $(BIN)/mypy
	$(BIN)/lint-imports
	@$(DEPLOYMENT) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check
	@$(DEPLOYMENT) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/.runtime
	@$(BIN)/python -m tests.bench $(NAMES)

clients: .venv/.dev
	$(BIN)/python -m pytest tests/simulators/clients/javascript_clients.py

reset: .venv/.runtime
	@exec $(BIN)/python -m crmsync.demo reset

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --output-file requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --group dev --output-file requirements-dev.lock

.venv/.runtime: requirements.lock
.venv/.dev: requirements-dev.lock
.venv/.runtime .venv/.dev:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "crmsync needs Python 3.11 \
	or newer: name one with make PYTHON=...")'
	@echo "Installing the packages of $< into .venv. This takes about a minute."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Browser tests drive the machine's Chromium. Without one they are skipped, and say so.
chromium:
	@test -x $(CHROMIUM) || test "$$(id -u)" != 0 || ! command -v apt-get > /dev/null || \
		{ apt-get update -qq && apt-get install -qq -y chromium; } || \
		echo "Chromium could not be installed."
