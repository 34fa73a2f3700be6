# Guichet. « make » montre ce qui se fait ; chaque cible fait d'abord elle-même toute son installation.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first Python that is recent enough; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
PYTEST_ARGS ?= -n 3 --dist worksteal
COMPILED := PYTHONDONTWRITEBYTECODE= # many tests start processes of ours: each would compile it all again

.PHONY: help
help:  ## montre cette aide
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/dev.stamp  ## installe tout dans .venv, outils de développement compris

.PHONY: demo
demo: $(VENV)/run.stamp  ## ouvre la ville de démonstration (données dans demo-data)
	@GUICHET_CONFIG=config/demo.toml $(BIN)/python -m desk setup --preset prevost --demo
	@GUICHET_CONFIG=config/demo.toml PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho start

.PHONY: run
run: $(VENV)/run.stamp  ## ouvre le guichet de la ville : les écrans et l'horloge (réglages : guichet.toml)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho start

.PHONY: test
test: $(VENV)/dev.stamp  ## passe les tests
	$(COMPILED) $(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: lint
lint: $(VENV)/dev.stamp  ## vérifie le style et les types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: bench
bench: $(VENV)/dev.stamp  ## mesure la vitesse sur 100 000 requêtes
	$(BIN)/python -m benchmarks

.PHONY: soak
soak: $(VENV)/dev.stamp  ## passe les longs essais, puis cherche des contre-exemples (propriétés, 5 000 cas chacune)
	$(COMPILED) $(BIN)/python -m pytest -m long $(PYTEST_ARGS)
	$(COMPILED) $(BIN)/python -m pytest --hypothesis-profile=soak $(PYTEST_ARGS) $$(grep -rl "from hypothesis import" tests --include="test_*.py")

.PHONY: lock
lock:  ## refait les listes de bibliothèques, avec leurs empreintes
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv $(COMPILE) -o requirements.lock
	$(VENV)-lock/bin/uv $(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

COMPILE := pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Il faut Python 3.11 ou plus récent (PYTHON=… pour en nommer un)." >&2; exit 1; }
	@echo "Installation dans $(VENV)…"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installation des bibliothèques (une seule fois, environ une minute)…"
	@$(INSTALL) requirements.lock
	@touch $@

# The development list contains the other one: after it there is nothing left to install.
$(VENV)/dev.stamp: requirements-dev.lock | $(BIN)/python
	@echo "Installation des bibliothèques et des outils (une seule fois, environ une minute)…"
	@$(INSTALL) requirements-dev.lock
	@touch $(VENV)/run.stamp $@
