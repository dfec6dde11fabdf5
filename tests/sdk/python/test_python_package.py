"""What would be published of larder's own Python SDK: its files, its versions, its types."""

import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

import larder_cms
import pytest

LARDER = pathlib.Path(__file__).resolve().parents[3]
ROOT = LARDER / "sdk/python"


def run(*command, cwd=ROOT):
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel and the source archive, built from a copy, so that the tree stays as it was."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT, folder / "source", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "build", "dist"))
    run("build", "--no-isolation", "--outdir", str(folder / "dist"), cwd=folder / "source")
    [wheel] = (folder / "dist").glob("*.whl")
    [source] = (folder / "dist").glob("*.tar.gz")
    return wheel, source


def test_twine_has_nothing_to_say(built):
    said = run("twine", "check", "--strict", *map(str, built))
    assert said.count("PASSED") == 2, said


def test_the_wheel_holds_the_modules_and_nothing_else(built):
    modules = {file.name for file in (ROOT / "src/larder_cms").iterdir() if file.is_file()}
    with zipfile.ZipFile(built[0]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))).decode()
        assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
    assert names == {f"larder_cms/{name}" for name in modules}
    assert "larder_cms/py.typed" in names
    assert "License-Expression: MIT OR Apache-2.0" in metadata
    assert re.findall(r"^Requires-Dist: (.+)$", metadata, re.M) == ['httpx>=0.27; extra == "async"', 'redis>=5; extra == "redis"']


def test_the_source_archive_has_no_tests_of_larder(built):
    with tarfile.open(built[1]) as source:
        names = source.getnames()
    assert any(name.endswith("/src/larder_cms/sync.py") for name in names)
    assert not any("node_modules" in name or ".mypy_cache" in name for name in names)


def test_one_version_and_one_licence(built):
    version = re.search(r'^version = "(.+)"$', (LARDER / "Cargo.toml").read_text(), re.M).group(1)
    assert larder_cms.__version__ == version
    assert f"larder_cms-{version}-" in built[0].name
    assert (ROOT / "LICENSE").read_text() == (LARDER / "LICENSE").read_text()


def test_types_are_strict(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import larder_cms\n"
        "async def main() -> None:\n"
        "    butter = larder_cms.ButterCMS('TOKEN', base_url=['http://a', 'http://b'], store=larder_cms.FileStore('/tmp/x'))\n"
        "    one: larder_cms.Answer = butter.pages.get('*', 'home', {'levels': 3}, limits=larder_cms.Limits(timeout=1))\n"
        "    both = larder_cms.AsyncButterCMS('TOKEN')\n"
        "    two: larder_cms.Answer = await both.posts.all()\n"
        "    print(one['data'], two.stale)\n"
        "    butter.posts.get(7)  # type: ignore[arg-type]\n"
    )
    run("mypy", "--cache-dir", str(tmp_path / "cache"), "src", str(program))


def test_asyncio_and_redis_are_not_needed():
    """Importing the package loads neither httpx nor redis."""
    said = subprocess.run(
        [sys.executable, "-c", "import sys, larder_cms; print([name for name in ('httpx', 'redis') if name in sys.modules])"],
        cwd=ROOT / "src", capture_output=True, text=True, check=True,
    )
    assert said.stdout.strip() == "[]"
