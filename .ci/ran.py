"""Fails unless tests ran on SQLite, on PostgreSQL and in the browser, and none was skipped."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

KINDS = {"on SQLite": "[sqlite", "on PostgreSQL": "postgresql", "in the browser": "tests.e2e."}


def main(report: Path) -> int:
    """0 if every kind ran and nothing was skipped."""
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314  our own file
    skipped = [name(case) for case in cases if case.find("skipped") is not None]
    ran = [name(case) for case in cases if case.find("skipped") is None]
    for kind, mark in KINDS.items():
        print(f"{sum(mark in each for each in ran):6} tests ran {kind}")
    missing = [kind for kind, mark in KINDS.items() if not any(mark in each for each in ran)]
    for each in skipped:
        print(f"skipped: {each}", file=sys.stderr)
    for kind in missing:
        print(f"No test ran {kind}.", file=sys.stderr)
    return 1 if skipped or missing else 0


def name(case: ET.Element) -> str:
    """Module and name of one test."""
    return f"{case.get('classname', '')}.{case.get('name', '')}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
