# Every target sets up what it needs; what is done already is not done again.
PYTHON ?= python3
DEV = $(PYTHON) packaging/dev.py

.PHONY: setup run test check bench lock wheel clean

setup:   ## make .venv and check the system libraries
	@$(DEV) setup
run:     ## open the sample project (with no display: draw it to build/sample.png)
	@$(DEV) run
test:    ## run the tests
	@$(DEV) test $(ARGS)
check:   ## ruff, mypy, import contracts
	@$(DEV) check
bench:   ## print the benchmark table, write build/bench.json
	@$(DEV) bench
lock:    ## write packaging/requirements/*.txt anew (needs uv)
	@$(DEV) lock
wheel: setup   ## build dist/*.whl
	@.venv/bin/python -m hatchling build -t wheel
clean:   ## remove what was built; .venv stays
	rm -rf build dist
