# Every target sets up what it needs; what is done already is not done again.
PYTHON ?= $(notdir $(firstword $(shell command -v python3 python3.13 python3.12 python3.11 python)))
ifeq ($(PYTHON),)
$(error Annotator needs Python 3.11, 3.12 or 3.13. Debian, Ubuntu: sudo apt-get install python3 python3-venv)
endif
DEV = $(PYTHON) packaging/dev.py

FORMAT ?= jsonl
SECONDS ?= 600

.PHONY: setup run test explore check bench fuzz pipeline pipeline-eval lock wheel clean

setup:   ## make .venv and check the system libraries
	@$(DEV) setup
run:     ## open the sample project (with no display: draw it to build/sample.png)
	@$(DEV) run
test:    ## run the tests
	@$(DEV) test $(ARGS)
explore: ## run the property tests on new examples until one fails (SECONDS=600)
	@$(DEV) explore --seconds $(or $(SECONDS),600) $(ARGS)
check:   ## ruff, mypy, import contracts
	@$(DEV) check
bench:   ## print the benchmark table, write build/bench.json
	@$(DEV) bench
fuzz:    ## throw wrong files at the readers (FORMAT=csv,pdf SECONDS=600)
	@$(DEV) fuzz $(FORMAT) --seconds $(or $(SECONDS),600) $(ARGS)
pipeline:   ## train the built-in pipeline anew, in steps (ARGS=STEP for one)
	@$(DEV) pipeline $(ARGS)
pipeline-eval:   ## measure the built-in pipeline against its bars
	@$(DEV) pipeline pipeline-eval
lock:    ## write packaging/requirements/*.txt anew (needs uv)
	@$(DEV) lock
wheel: setup   ## build dist/*.whl
	@.venv/bin/python -m hatchling build -t wheel
clean:   ## remove what was built; .venv stays
	rm -rf build dist
