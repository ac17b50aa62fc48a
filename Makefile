# PayFlow's verbs. Each works alone on a machine that has make and Python 3.11, 3.12 or 3.13, and nothing else of ours:
# it makes the environment ./.venv first (uv is fetched if the machine has none), and later only looks whether it is current.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up down demo web test test-kafka check fuzz chaos schema bench explorer

# Any of: make up ARGS="--port 5000" · make test ARGS="tests/router -q" · make up PYTHON=/usr/bin/python3.12
ARGS ?=
PYTHON ?=
export UV_PROJECT_ENVIRONMENT := .venv

ENVIRONMENT := .venv/.made

help: ## list the verbs
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

up: $(ENVIRONMENT) ## start the whole platform (ARGS="--detach --port 5000 --reset")
	@.venv/bin/payflow up $(ARGS)

down: $(ENVIRONMENT) ## stop it
	@.venv/bin/payflow down $(ARGS)

demo: $(ENVIRONMENT) ## tell the story of a transfer, live, against the running platform
	@.venv/bin/payflow demo $(ARGS)

web: $(ENVIRONMENT) ## build the web client (ARGS="dev" for Vite's server, "check", "test")
	@.venv/bin/payflow web $(or $(ARGS),build)

test: $(ENVIRONMENT) ## run every test (ARGS="tests/router -q" for some)
	@.venv/bin/pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

test-kafka: $(ENVIRONMENT) ## run the tests of events on a real Apache Kafka 4 (needs Java 17 and Maven; fetched once)
	@.venv/bin/pytest --broker apache tests/kafka tests/events tests/payflow/events tests/consumers $(ARGS)

check: $(ENVIRONMENT) ## format, lint, types, import contracts, generated files
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/pytest -q tests/architecture

MINUTES ?= 10
fuzz: $(ENVIRONMENT) ## random federations and operations against one schema, MINUTES=n long (ARGS="--seed 7")
	@.venv/bin/python -m tests.router.fuzz --minutes $(MINUTES) $(ARGS)

chaos: $(ENVIRONMENT) ## load on a whole platform whose parts are killed, MINUTES=n long (ARGS="--seed 7")
	@.venv/bin/python -m tests.chaos --minutes $(MINUTES) $(ARGS)

# What is measured: router, transfers, events, verify, subscriptions or composition.
WHAT ?= router
bench: $(ENVIRONMENT) ## measure beside the references, some twenty minutes (WHAT=composition; ARGS="--quick")
	@.venv/bin/python -m benchmarks.$(WHAT) $(ARGS)

schema: $(ENVIRONMENT) ## write schema/ and the generated clients anew
	@.venv/bin/python -m payflow schema $(ARGS)

explorer: $(ENVIRONMENT) ## build the router's page for people anew (npm)
	@.venv/bin/python -m tests.conformance.explorer.build $(ARGS)

# The environment is current while it is newer than what it was made from. Whichever uv there is makes it: its own from
# last time, the machine's, or the one that pyproject.toml names, fetched by pip.
PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)
IS_RIGHT := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
UV := $(shell sed -nE 's/.*"(uv==[0-9.]+)".*/\1/p' pyproject.toml)

$(ENVIRONMENT): pyproject.toml uv.lock
	@for name in $(PYTHONS); do "$$name" -c '$(IS_RIGHT)' 2>/dev/null && python=$$(command -v "$$name") && break; done; \
	if [ -z "$$python" ]; then \
	  echo "PayFlow needs Python 3.11, 3.12 or 3.13, and none of these is: $(PYTHONS);" \
	    "install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Making the environment .venv, once"; \
	sync() { "$$1" sync --quiet --frozen --compile-bytecode --python "$$python"; }; \
	for uv in .venv/bin/uv uv; do \
	  if command -v "$$uv" >/dev/null && sync "$$uv"; then touch $@; exit; fi; \
	done; \
	"$$python" -m venv --clear .venv >/dev/null || { \
	  echo "$$python cannot make a virtual environment; install its venv module (Debian: apt install python3-venv)," \
	    "or uv" >&2; exit 1; }; \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check "$(UV)" || { \
	  echo "pip could not fetch $(UV); see above, or install uv yourself: https://docs.astral.sh/uv/" >&2; exit 1; }; \
	sync .venv/bin/uv && touch $@
