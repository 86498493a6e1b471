# Two commands: `make run` brings the bot up, `make test` checks everything.

SHELL := /bin/bash
TOOLS := .tools
# A uv of this machine where there is one that works here, else one of our own below $(TOOLS).
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(TOOLS)/bin/uv)
PYTHON := .venv/bin/python
STAMP := .venv/.synced
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: run test check benchmark clean

run: $(STAMP)
	@exec .venv/bin/stadtlotse serve

test: check
	$(PYTHON) -m pytest

check: $(STAMP)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

benchmark: $(STAMP)
	$(PYTHON) -m tests.benchmarks

$(STAMP): pyproject.toml uv.lock .python-version | uv
	@echo "Installing Stadtlotse's packages (the first time this fetches about 4 GB) …"
	$(UV) sync --locked
	@touch $@

.PHONY: uv
uv:
	@$(UV) --version >/dev/null 2>&1 || python3 -m pip install --quiet --disable-pip-version-check --target $(TOOLS) uv

clean:
	rm -rf .venv $(TOOLS) var tests/.cache
