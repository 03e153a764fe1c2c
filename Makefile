# Two words are enough: `make demo` and `make test`. Each sets up what it needs; the README names the commands below.
PYTHON ?= python3
UV = 0.13.9
RUN = .venv/bin/python
# One more than there are cores: many tests wait for a process, a second or a browser.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: demo test check tests bench services lock clean

demo: .venv/.installed
	@$(RUN) app.py demo $(if $(RESET),--reset)

test: services check tests

check: .venv/.installed-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	.venv/bin/deptry .

tests: .venv/.installed-dev
	rm -f .coverage .coverage.*
	$(RUN) -m coverage run -m pytest -n $(WORKERS) --dist worksteal
	$(RUN) -m coverage combine -q
	$(RUN) -m coverage report

bench: .venv/.installed-dev
	@$(RUN) -m tests.measure $(FILE)
	@$(RUN) -m tests.telling
	@$(RUN) -m tests.answering
	@$(RUN) -m tests.money
	@$(RUN) -m tests.paying bench
	@OMP_NUM_THREADS=1 $(RUN) -m tests.understanding

services:
	@sh tests/services.sh

.venv/bin/uv:
	@echo "Making .venv …"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check uv==$(UV)

.venv/.installed: requirements.lock .venv/bin/uv
	@echo "Installing the locked packages (about 90 MB the first time) …"
	@.venv/bin/uv pip install --quiet --python $(RUN) --require-hashes -r requirements.lock
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/bin/uv
	@echo "Installing the locked packages and the tools for testing …"
	@.venv/bin/uv pip install --quiet --python $(RUN) --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.installed

lock: .venv/bin/uv
	.venv/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements-dev.lock

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .coverage .coverage.*
