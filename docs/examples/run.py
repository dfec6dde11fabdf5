"""Runs an example against larder's starter site: python3 docs/examples/run.py express|flask|html|astro"""

import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

START = {
    "express": ["node", "server.mjs"],
    "flask": [sys.executable, "app.py"],
    "html": [sys.executable, "serve.py"],
    "astro": ["npm", "run", "--silent", "start"],
}


def larder():
    """The executable: LARDER_BIN, or what a build has left."""
    built = [ROOT / "target/release/larder", ROOT / "target/x86_64-unknown-linux-gnu/release/larder", ROOT / "target/debug/larder"]
    for binary in [os.environ.get("LARDER_BIN"), *built]:
        if binary and pathlib.Path(binary).exists():
            return str(binary)
    sys.exit("larder is not built: run `cargo build --release`, or set LARDER_BIN.")


def install(folder):
    """What an example with a package.json needs: the SDK of this tree, built, and its packages."""
    if not (folder / "package.json").exists():
        return
    npm = ["npm", "ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"]
    sdk = ROOT / "sdk/js"
    if not (sdk / "dist/index.js").exists():
        if not (sdk / "node_modules").exists():
            subprocess.run(npm, cwd=sdk, check=True)
        subprocess.run(["node", "build.mjs"], cwd=sdk, check=True)
    if not (folder / "node_modules").exists():
        subprocess.run(npm, cwd=folder, check=True)


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in START:
        sys.exit(__doc__)
    name = sys.argv[1]
    install(HERE / name)
    cms = subprocess.Popen([larder(), "demo", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        said = ""
        while not (listening := re.search(r"larder is listening on (http://\S+)", said)):
            line = cms.stdout.readline()
            if not line:
                sys.exit(f"larder demo ended: {said}")
            said += line
        token = re.search(r"read token is (\S+)", said).group(1)
        print(f"larder: {listening.group(1)}/admin", flush=True)
        site = dict(os.environ, LARDER_URL=listening.group(1), LARDER_TOKEN=token, ASTRO_TELEMETRY_DISABLED="1")
        site["PYTHONPATH"] = os.pathsep.join([str(ROOT / "sdk/python/src"), *filter(None, [os.environ.get("PYTHONPATH")])])
        subprocess.run(START[name], cwd=HERE / name, env=site, check=False)
    except KeyboardInterrupt:
        pass
    finally:
        cms.terminate()
        cms.wait()


if __name__ == "__main__":
    main()
