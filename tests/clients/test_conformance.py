"""Every SDK in every scenario."""

from scenario import Stage


def test_scenario(scenario, driver, manifest, tmp_path, redis, full_disk):
    lacking = set(scenario.get("needs", ())) & set(manifest.get("lacks", {}))
    if lacking:
        # Declared with a reason, and shown in docs/clients/conformance.md.
        return
    stage = Stage(scenario, driver, tmp_path, redis, full_disk)
    try:
        stage.play()
    finally:
        stage.stop()
