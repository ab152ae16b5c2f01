# `make audit` and `make test` set up what they need: Python 3.11 or later, make and git are enough.
# Paths are relative throughout, so the folder of the project may have blanks in its name.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
YEARS := $(notdir $(wildcard data/raw/[0-9][0-9][0-9][0-9]))

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

audit: $(YEARS:%=reports/%/manifest.json) ## audit the years under data/raw of which something changed
	@for year in $(YEARS); do echo "reports/$$year/index.html"; done
	@$(if $(YEARS),,echo "make: no folder of documents, data/raw/<year>" >&2; exit 2)

test: .venv/ready ## run the tests (one file: make test ARGS=tests/test_values.py)
	@$(BIN)/python -m pytest $(ARGS)

lab: .venv/ready ## open JupyterLab on the notebooks
	@$(BIN)/python -m jupyterlab $(ARGS) notebooks

lint: .venv/ready ## check the style of the code
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

types: .venv/ready ## check the types
	@$(BIN)/python -m mypy

quality: .venv/ready ## measure what is read and found right on documents with known truth
	@$(BIN)/python tests/quality.py $(ARGS)

bench: .venv/ready ## measure speed, each step beside a reference
	@$(BIN)/python tests/bench.py $(ARGS)

fuzz: .venv/ready ## damage documents at random and read them (longer: make fuzz ARGS='--rounds 2000')
	@$(BIN)/python tests/fuzz.py $(ARGS)

lock: .venv/ready ## bring requirements.lock in step with pyproject.toml (newer versions: make lock ARGS=--upgrade)
	@$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --extra dev --custom-compile-command "make lock" $(ARGS) \
		--output-file requirements.lock pyproject.toml

clean: ## remove what runs have made (data/processed and reports)
	@find data/processed reports -mindepth 1 ! -name .gitkeep -delete
	@rm -rf .make

.PHONY: help audit test lab lint types quality bench fuzz lock clean FORCE
FORCE:

# --- a year ---------------------------------------------------------------------------
# Names of documents may hold blanks, quotes and Chinese characters, which no prerequisite
# can, and a document that is removed leaves no newer file behind.  So a year depends on a
# listing of its folder, and every year on one of the program's; a listing is written anew
# only when a name or a content in it has changed.

define listing =
	@mkdir -p $(@D)
	@find $(1) -type f ! -path '*/__pycache__/*' ! -path '*/.ipynb_checkpoints/*' \
		-exec cksum {} + | LC_ALL=C sort > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef

$(YEARS:%=.make/raw-%): .make/raw-%: FORCE
	$(call listing,data/raw/$*)

.make/program: FORCE
	$(call listing,src/audit_utils expectations tests/rules notebooks requirements.lock)

# A run that did not end well is not done: without the listing it is run again next time.
# The other years go on, and the reports that could be made stay (exit code 3).
MAKEFLAGS += --keep-going

reports/%/manifest.json: .make/raw-% .make/program | .venv/ready
	@$(BIN)/audit-utils run $* || { status=$$?; rm -f .make/raw-$*; \
		echo "make: $* did not end well (exit code $$status), see the messages above" >&2; \
		exit $$status; }

# --- set-up ---------------------------------------------------------------------------
# `python3` if it is new enough, else the newest that is there.
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python
find_python = for python in $(PYTHONS); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "make: no Python 3.11 or later found (looked for: $(PYTHONS))" >&2; exit 1; \
	fi

.venv/locked: requirements.lock
	@echo "Setting up .venv from requirements.lock ..." >&2
	@$(find_python); "$$python" -m venv --clear .venv || { \
		echo "make: $$python has no working venv module (Debian, Ubuntu: apt-get install python3-venv)" >&2; \
		exit 1; }
	@sed -n '/^uv==/,/^    #/p' requirements.lock > .venv/uv.txt
	@if $(PIP) install --require-hashes -r .venv/uv.txt && \
		$(BIN)/python -m uv pip install --quiet --system-certs --python $(BIN)/python \
			--require-hashes -r requirements.lock; \
	then :; else \
		echo "uv did not do it: trying pip, which takes about a minute ..." >&2; \
		$(PIP) install --require-hashes -r requirements.lock; \
	fi
	@touch $@

.venv/ready: .venv/locked pyproject.toml
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@
