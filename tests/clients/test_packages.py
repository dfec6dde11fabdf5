"""What would be published of the SDKs in Go, Ruby, PHP and Rust. Those in JavaScript and Python have tests of their own."""

import json
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest

LARDER = pathlib.Path(__file__).resolve().parents[2]
SDK = LARDER / "sdk"
VERSION = re.search(r'^version = "(.+)"$', (LARDER / "Cargo.toml").read_text(), re.M).group(1)

# Where each says its version.
VERSIONS = {
    "go": ("version.go", r'Version = "(.+)"'),
    "php": ("src/Version.php", r"NUMBER = '(.+)'"),
    "ruby": ("lib/larder_cms/version.rb", r'VERSION = "(.+)"'),
    "rust": ("Cargo.toml", r'^version = "(.+)"'),
}


def run(*command, cwd):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def source(tmp_path):
    """A copy of an SDK, so that the tree stays as it was."""

    def copy(name):
        ignored = shutil.ignore_patterns("target", "build", "*.gem")
        return pathlib.Path(shutil.copytree(SDK / name, tmp_path / name, ignore=ignored))

    return copy


@pytest.mark.parametrize("name", VERSIONS)
def test_one_version_and_one_licence(name):
    file, pattern = VERSIONS[name]
    assert re.search(pattern, (SDK / name / file).read_text(), re.M).group(1) == VERSION
    assert (SDK / name / "LICENSE").read_text() == (LARDER / "LICENSE").read_text()
    assert "docs/clients/behaviour.md" in (SDK / name / "README.md").read_text()


def test_go_module(source):
    folder = source("go")
    assert run("gofmt", "-l", ".", cwd=folder) == ""
    run("go", "vet", "./...", cwd=folder)
    assert run("go", "list", "-m", "all", cwd=folder).split() == ["larder-cms"], "it needs no other module"


def test_go_migration_is_one_import(source, tmp_path):
    """A program of the official SDK, compiled against ours."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "go.mod").write_text("module program\n\ngo 1.19\n\nrequire larder-cms v0.0.0\n\nreplace larder-cms => ../go\n")
    source("go")
    (program / "main.go").write_text(
        'package main\n\nimport (\n\t"fmt"\n\n\tButterCMS "larder-cms"\n)\n\nfunc main() {\n\tButterCMS.SetAuthToken("TOKEN")\n'
        '\tparams := map[string]string{"include": "recent_posts"}\n\tauthors, err := ButterCMS.GetAuthors(params)\n'
        '\tpages, _ := ButterCMS.GetPages("news", nil)\n\tpost, _ := ButterCMS.GetPost("slug")\n'
        '\tfmt.Println(authors.AuthorList, pages.PageList, post.Post.Title, err)\n}\n'
    )
    run("go", "vet", ".", cwd=program)


def test_gem(source):
    folder = source("ruby")
    run("gem", "build", "larder-cms.gemspec", "--output", "built.gem", cwd=folder)
    with tarfile.open(folder / "built.gem") as gem, tarfile.open(fileobj=gem.extractfile("data.tar.gz"), mode="r:gz") as data:
        names = set(data.getnames())
    modules = {str(file.relative_to(SDK / "ruby")) for file in (SDK / "ruby/lib").rglob("*.rb")}
    assert names == modules | {"README.md", "LICENSE"}


def test_gem_needs_nothing_but_ruby():
    run("ruby", "--disable-gems", "-w", "-e", "require './lib/larder-cms'; ButterCMS::Post", cwd=SDK / "ruby")


def test_composer_package():
    manifest = json.loads((SDK / "php/composer.json").read_text())
    assert manifest["version"] == VERSION
    assert manifest["license"] == ["MIT", "Apache-2.0"]
    assert all(need == "php" or need.startswith("ext-") for need in manifest["require"]), "it needs no other package"
    [(namespace, folder)] = manifest["autoload"]["psr-4"].items()
    for file in (SDK / "php" / folder).rglob("*.php"):
        text = file.read_text()
        run("php", "-l", file, cwd=SDK / "php")
        if file.name != "errors.php":
            # PSR-4: the name says where the file is.
            expected = (namespace + str(file.relative_to(SDK / "php" / folder).parent).replace("/", "\\")).rstrip("\\.")
            assert f"namespace {expected};" in text, file
            assert re.search(rf"^(final )?(class|interface) {file.stem}\b", text, re.M), file


def test_crate(source):
    folder = source("rust")
    listed = run("cargo", "package", "--list", "--allow-dirty", "--offline", cwd=folder).split()
    modules = {str(file.relative_to(SDK / "rust")) for file in (SDK / "rust/src").rglob("*.rs")}
    assert set(listed) >= modules | {"README.md", "LICENSE", "Cargo.toml"}
    assert not any(name.startswith(("examples", "target")) or name.endswith("conformance.json") for name in listed)
