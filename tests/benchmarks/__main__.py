"""`make bench`: runs every benchmark module, prints one table, writes build/bench.json.

Each module runs in a process of its own, so that none measures what another left behind. Names given as
arguments choose modules.
"""

import json
import subprocess
import sys
from pathlib import Path

MODULES = ("storage", "view", "window", "exchange", "suggest", "agreement")
OUT = Path("build/bench.json")


def main() -> int:
    chosen = sys.argv[1:] or MODULES
    lines = [line for module in chosen for line in measured(module)]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")
    width = max(len(line["name"]) for line in lines)
    for line in lines:
        mark = "ok  " if line["ok"] else "MISS"
        print(
            f"{mark} {line['name']:<{width}}  {line['value']:>10.3f} {line['unit']:<8} limit {line['limit']}"
        )
    missed = sum(not line["ok"] for line in lines)
    print(f"{len(lines) - missed} of {len(lines)} within their limits; written to {OUT}")
    return 0


def measured(module: str) -> list[dict[str, object]]:
    """The lines of one module; if it fails, one line that says so, and its output on standard error."""
    code = (
        f"import json, dataclasses, tests.benchmarks.{module} as module;"
        "print('\\n' + json.dumps([dataclasses.asdict(line) for line in module.run()]))"
    )
    print(f"... {module}", file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return [
            {"name": f"{module} failed", "value": done.returncode, "unit": "exit", "limit": "0", "ok": False}
        ]
    lines: list[dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return lines


if __name__ == "__main__":
    sys.exit(main())
