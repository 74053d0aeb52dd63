# Every target does its own set-up: on a fresh Debian 12, python3, python3-venv, make and a C compiler are enough.
# Packages come from wherever pip is configured to look; requirements.lock names hashes and no address.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := help
.PHONY: help setup train content run demo test proof check bench clean

VENV := .venv
PY := $(VENV)/bin/python
HOME_FOLDER := $(or $(JIUZHUTONG_HOME),var)
MODELS := $(or $(JIUZHUTONG_MODELS),models)
# Rasa reports to its makers unless told not to, and TensorFlow talks at start.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
# Whoever forbids bytecode makes each of the hundred processes that tests start compile the house again.
unexport PYTHONDONTWRITEBYTECODE

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed  ## Make .venv and install what requirements.lock names (1 to 3 minutes, once)

train: setup  ## Train the dialogue model, if its inputs changed (about half a minute)
	@bash deploy/trained.sh $(PY) $(HOME_FOLDER) $(MODELS)

content: setup  ## Publish content/ as the first edition, if the database has none
	@$(PY) -m bot content first --as setup

run: train  ## Start the assistant; open the address it prints to talk to it
	@exec env PYTHONWARNINGS=ignore $(PY) -m bot run

demo: train  ## Show it: invented residents live through their stories in the sandbox (about 8 minutes)
	@exec env PYTHONWARNINGS=ignore $(PY) -m bot demo $(ARGS)

test: train  ## Run the tests, three at a time (about 8 minutes); says which services are absent
	$(PY) -m pytest -m "not proof" -n 3 --dist loadfile $(ARGS)

proof: train  ## Run the exhaustive, kill and load proofs (at most 60 minutes)
	@bash deploy/proved.sh $(PY) $(ARGS)

check: setup  ## Lint, formatting, types, directions between packages, content
	@bash deploy/checked.sh $(VENV)

bench: train bench/stock/.venv/.installed  ## Measure beside stock Rasa (first time about 40 minutes, then 10)
	$(PY) -m bench.run $(ARGS)

clean:  ## Remove what set-up and training made; the database and keys in var/ stay
	rm -rf $(VENV) $(MODELS) bench/stock/.venv bench/stock/work .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The stamp is newer than the lock: a second call is instant. Metadata of Rasa 3.6 stops at Python 3.10, although 3.11 works.
$(VENV)/.installed: requirements.lock
	@bash deploy/installed.sh $(@D) requirements.lock

bench/stock/.venv/.installed: bench/stock/requirements.lock
	@bash deploy/installed.sh $(@D) bench/stock/requirements.lock
