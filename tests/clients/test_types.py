"""The types that `larder types` writes: compilers accept them for any model, and real answers fit them."""

import json
import pathlib
import subprocess
import sys

import pytest
from hostile_model import empty_model, model
from larder_site import BINARY, Site, await_until, environment

LARDER = pathlib.Path(__file__).resolve().parents[2]
TSC = LARDER / "sdk/js/node_modules/typescript/bin/tsc"
PATIENCE = 300

LANGUAGES = {"ts": "content.ts", "python": "content.py", "rust": "content.rs", "go": "content.go"}


def run(*command, cwd):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("starter"))
    site.larder("init", "--starter")
    site.add_tokens()
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """With an entry of what has every field type, filled and empty."""
    site = Site(tmp_path_factory.mktemp("hostile"))
    site.make(model())
    site.start()
    site.write("POST", "content/", {"key": "class", "status": "published", "fields": [{"type": "one"}, {"self": "two"}]})
    filled = {
        "f-short_text": "x", "f-number": 1.5, "f-checkbox": True, "f-date": "2026-03-15", "f-json": {"any": [1, None]},
        "f-dropdown": 'a "quote"', "f-reference": site.ids("class")[0], "links-many": site.ids("class"),
        "f-component": {"class": "y"}, "f-repeater": [{"self": "z", "404": 3}],
        "f-component_picker": [{"type": "type", "fields": {"fn": "f"}}, {"type": "Hero", "fields": {"title": "t"}}],
    }
    site.write("POST", "pages/", {"title": "Full", "slug": "full", "page_type": "404", "status": "published", "fields": filled})
    site.write("POST", "pages/", {"title": "Empty", "slug": "empty", "page_type": "404", "status": "published", "fields": {}})
    yield site
    site.stop()


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("bare"))
    site.make(empty_model())
    return site


@pytest.fixture(scope="module", params=["starter", "hostile", "bare"])
def site(request):
    return request.getfixturevalue(request.param)


def answers(site):
    """Type names with answers that must fit them."""
    if site.process is None:
        return []
    if "hostile" in str(site.folder):
        pages = [("Page404Page", page) for page in site.data("pages/404/")]
        return pages + [("ClassItem", item) for item in site.data("content/", {"keys": "class"})["class"]]
    found = []
    for kind in json.loads(site.larder("schema", "export"))["page_types"]:
        name = "".join(word[:1].upper() + word[1:] for word in kind["key"].replace("-", "_").split("_"))
        name = name if name.endswith("Page") else name + "Page"
        found += [(name, page) for page in site.data(f"pages/{kind['key']}/", {"levels": 3})]
    assert len(found) > 3
    return found


def write(site, language, folder, *options):
    file = folder / LANGUAGES[language]
    site.larder("types", "--lang", language, "--out", str(file), *options)
    return file


@pytest.fixture(params=[(), ("--alt-media-text",)], ids=["address", "alt_media_text"])
def options(request):
    return request.param


def fitting(site, options):
    """Answers are asked for without alternative texts."""
    return [] if options else answers(site)


def test_typescript(site, tmp_path, options):
    write(site, "ts", tmp_path, *options)
    lines = ['import type * as content from "./content";', "export type All = keyof typeof import('./content');"]
    for place, (name, answer) in enumerate(fitting(site, options)):
        lines.append(f"export const answer{place}: content.{name} = {json.dumps(answer)};")
    (tmp_path / "program.ts").write_text("\n".join(lines))
    run("node", TSC, "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "program.ts", cwd=tmp_path)


def test_python(site, tmp_path, options):
    write(site, "python", tmp_path, *options)
    lines = ["import content"]
    for place, (name, answer) in enumerate(fitting(site, options)):
        lines.append(f"answer{place}: content.{name} = {answer!r}")
    (tmp_path / "program.py").write_text("\n".join(lines))
    # It must run, too: names are resolved then.
    run(sys.executable, "program.py", cwd=tmp_path)
    run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", "program.py", cwd=tmp_path)


def test_go(site, tmp_path, options):
    write(site, "go", tmp_path, *options)
    (tmp_path / "go.mod").write_text("module content\n\ngo 1.18\n")
    tests = ["package content", 'import ("encoding/json"; "strings"; "testing")', "func TestAnswers(t *testing.T) {"]
    tests += ["\tfit := func(text string, into any) {", "\t\tt.Helper()", "\t\tdecoder := json.NewDecoder(strings.NewReader(text))"]
    tests += ["\t\tdecoder.DisallowUnknownFields()", "\t\tif err := decoder.Decode(into); err != nil {", "\t\t\tt.Error(err)", "\t\t}", "\t}"]
    tests += [f"\tfit({json.dumps(json.dumps(answer))}, &{name}{{}})" for name, answer in fitting(site, options)]
    (tmp_path / "content_test.go").write_text("\n".join([*tests, "\t_ = fit", "}", ""]))
    run("go", "test", "-vet=all", ".", cwd=tmp_path)


def test_rust(starter, hostile, bare, tmp_path):
    """One crate for all sites: serde is compiled once, and kept from run to run."""
    tests = []
    (tmp_path / "src").mkdir()
    for name, site in {"starter": starter, "hostile": hostile, "bare": bare}.items():
        for form in ("address", "text"):
            write(site, "rust", tmp_path, *(["--alt-media-text"] if form == "text" else [])).rename(tmp_path / f"src/{name}_{form}.rs")
            tests.append(f"pub mod {name}_{form};")
        for kind, answer in answers(site):
            tests.append(f"pub fn {name}_{len(tests)}() {{ fit::<{name}_address::{kind}>({rust_text(json.dumps(answer))}); }}")
    calls = [f"    {line.split('(')[0].removeprefix('pub fn ')}();" for line in tests if line.startswith("pub fn")]
    fit = "fn fit<T: serde::de::DeserializeOwned>(text: &str) { serde_json::from_str::<T>(text).expect(text); }"
    head = ["#![allow(dead_code)]", *tests, fit, "fn main() {", *calls, "}"]
    (tmp_path / "src/main.rs").write_text("\n".join(head) + "\n")
    manifest = '[package]\nname = "typed"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nserde = { version = "1", features = ["derive"] }\nserde_json = "1"\n[workspace]\n'
    (tmp_path / "Cargo.toml").write_text(manifest)
    # The versions that larder itself is built with are there already.
    (tmp_path / "Cargo.lock").write_text((LARDER / "Cargo.lock").read_text())
    run("cargo", "run", "--quiet", "--target-dir", LARDER / "target/typed", cwd=tmp_path)


def rust_text(text):
    return f'r####"{text}"####'


def test_over_the_api(starter, tmp_path):
    for language in LANGUAGES:
        answer = starter.send("GET", f"types/{language}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.text == write(starter, language, tmp_path).read_text()
    with_text = starter.send("GET", "types/ts", params={"alt_media_text": "1"})
    assert with_text.text == write(starter, "ts", tmp_path, "--alt-media-text").read_text()
    tag = starter.send("GET", "types/go").headers["ETag"]
    assert starter.send("GET", "types/go", headers={"If-None-Match": tag}).status_code == 304


def test_only_for_who_may_write(starter):
    assert starter.get("types/ts").status_code == 401
    assert starter.get("types/ts", token=starter.write_token).status_code == 401, "a token in an address is no secret"
    assert starter.send("GET", "types/ts", token=starter.read_token).status_code == 401
    assert starter.send("GET", "types/cobol").status_code == 404


def test_watch(bare, tmp_path):
    """What a change of the model makes different is written without being asked for."""
    file = tmp_path / "content.ts"
    watching = subprocess.Popen(
        [BINARY, "types", "--lang", "ts", "--out", str(file), "--watch", "--data", str(bare.data_dir)],
        env=environment(), stderr=subprocess.DEVNULL,
    )
    try:
        await_until(file.exists, "the first file")
        assert "Newcomer" not in file.read_text()
        bare.apply({"larder_schema": 1, "components": [{"key": "newcomer", "fields": [{"key": "title", "type": "short_text"}]}]})
        await_until(lambda: "export interface Newcomer {" in file.read_text(), "the new component")
        assert watching.poll() is None
    finally:
        watching.terminate()
        watching.wait()
        bare.apply(empty_model())


def test_watch_needs_a_file(bare):
    done = subprocess.run(
        [BINARY, "types", "--lang", "ts", "--watch", "--data", str(bare.data_dir)], env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 2 and "--out" in done.stderr
