"""The table of SDKs and scenarios in docs/clients/conformance.md.

`pytest clients --write-table` writes it from what just ran. A test compares the committed one with what a run in which
everything passes gives, so it can neither be old nor show a cross.
"""

import pathlib

from scenario import all_scenarios

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/clients/conformance.md"

TOPICS = {
    "faults": "Servers and networks that fail",
    "retries": "Retries, Retry-After and failover",
    "copies": "Copies of answers",
    "together": "Many calls at once, and cancelling",
    "stores": "Stores that fail",
    "requests": "What is sent",
}

HEAD = """# Which SDK passed which scenario

Written by `pytest clients --write-table` in `tests/` from a run; do not edit. The scenarios are data in
[tests/clients/scenarios](../../tests/clients/scenarios), the rules they hold the SDKs to are in [behaviour.md](behaviour.md).
"""


def lacking(scenario, manifest):
    """What this scenario needs and this SDK cannot have."""
    return sorted(set(scenario.get("needs", ())) & set(manifest.get("lacks", {})))


def page(manifests, result_of):
    """`result_of(scenario, manifest)` says whether a pair passed."""
    lines = [HEAD]
    titles = [one["title"] for one in manifests]
    notes = []
    for topic, heading in TOPICS.items():
        lines += [f"## {heading}", "", f"| scenario | what it shows | {' | '.join(titles)} |", "|---|---|" + "---|" * len(titles)]
        for scenario in (one for one in all_scenarios() if one["topic"] == topic):
            cells = []
            for manifest in manifests:
                for word in lacking(scenario, manifest):
                    note = f"- {manifest['title']} has no {word}: {manifest['lacks'][word]}"
                    notes += [] if note in notes else [note]
                cells.append("does not apply" if lacking(scenario, manifest) else "passed" if result_of(scenario, manifest) else "**failed**")
            lines.append(f"| `{scenario['name']}` | {scenario['shows']} | {' | '.join(cells)} |")
        lines.append("")
    if notes:
        lines += ["## What does not apply", "", *notes, ""]
    return "\n".join(lines)
