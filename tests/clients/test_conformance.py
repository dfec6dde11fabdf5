"""Every SDK in every scenario."""

import driver as drivers
import table
from scenario import Stage


def test_scenario(scenario, driver, manifest, tmp_path, redis, full_disk):
    if table.lacking(scenario, manifest):
        # Declared with a reason, and shown in docs/clients/conformance.md.
        return
    stage = Stage(scenario, driver, tmp_path, redis, full_disk)
    try:
        stage.play()
    finally:
        stage.stop()


def test_table_is_what_a_run_gives():
    assert table.PAGE.read_text() == table.page(drivers.known(), lambda scenario, manifest: True), (
        "docs/clients/conformance.md is old: run `pytest clients --write-table`"
    )
