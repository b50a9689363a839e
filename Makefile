SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# A worker holds up to 1 GB (embedder, Chroma, pages), and a file stays in one, for what its tests share.
WORKERS ?= 2
# uv keeps its own list of package sources; where pip is told of others, uv is told of the same.
UV := $(BIN)/uv

.PHONY: help setup chat test check bench lock clean
.DEFAULT_GOAL := help

help:            ## show these lines
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | sort

setup: $(STAMP)  ## make .venv and install the pinned versions
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(STAMP)

chat: $(STAMP)   ## load the example library on first use and open the chat on 127.0.0.1
	@$(BIN)/news-assistant chat $(ARGS)

test: $(STAMP)   ## run the whole suite, or ARGS="tests/test_x.py -n0"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(STAMP)  ## lint, formatting and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(STAMP)  ## measure adding, asking, starting and memory
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(STAMP)   ## resolve pyproject.toml again into requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --group dev --all-extras --python-version 3.11 pyproject.toml -o requirements.lock

clean:           ## remove .venv, .venv-peers and caches, never a library
	rm -rf $(VENV) .venv-peers .mypy_cache .ruff_cache .pytest_cache .hypothesis
