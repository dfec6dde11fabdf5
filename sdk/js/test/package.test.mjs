// What is published: its size, its files, its versions, and that it runs where it says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name) => readFileSync(path.join(root, name), "utf8");
const manifest = JSON.parse(read("package.json"));

describe("the package", () => {
  it("is under 6 KB with gzip", () => {
    for (const name of ["dist/index.js", "dist/index.cjs"]) {
      const size = gzipSync(read(name), { level: 9 }).length;
      assert.ok(size < 6 * 1024, `${name} is ${size} bytes`);
    }
  });

  it("has no dependencies, and asks nothing of Node outside its file store", () => {
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.peerDependencies, undefined);
    for (const name of ["dist/index.js", "dist/redis.js"]) assert.doesNotMatch(read(name), /\bimport\b|\brequire\b/);
  });

  it("has larder's version and licence", () => {
    const [, version] = /^version = "(.+)"$/m.exec(read("../../Cargo.toml"));
    assert.equal(manifest.version, version);
    assert.ok(read("dist/index.js").includes(version));
    assert.equal(read("LICENSE"), read("../../LICENSE"));
  });

  it("packs exactly what it needs", () => {
    // --ignore-scripts: `prepare` would build dist/ again below the other tests.
    const packed = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" }));
    const files = packed[0].files.map((file) => file.path);
    const types = ["butter", "client", "clock", "copies", "errors", "file", "flights", "index", "question", "redis", "servers", "settings", "store"];
    assert.deepEqual(
      files.sort(),
      [
        "LICENSE",
        "README.md",
        "package.json",
        ...["file", "index", "redis"].flatMap((name) => [`dist/${name}.js`, `dist/${name}.cjs`]),
        ...types.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.d.cts`]),
      ].sort(),
    );
    for (const entry of Object.values(manifest.exports).flatMap((to) => (typeof to === "string" ? [] : Object.values(to)))) {
      for (const file of Object.values(entry)) assert.ok(files.includes(file.slice(2)), `${file} is exported and not packed`);
    }
  });

  it("is a function to require, as the official SDK is", () => {
    const Butter = createRequire(import.meta.url)("../dist/index.cjs");
    const butter = Butter("TOKEN", { baseUrl: "http://127.0.0.1:9" });
    assert.equal(typeof butter.post.list, "function");
    assert.equal(Butter.default, Butter);
    assert.equal(typeof new Butter("TOKEN", { baseUrl: "http://127.0.0.1:9" }).page.retrieve, "function");
    assert.throws(() => Butter(""), /token is not set/);
    assert.throws(() => Butter("TOKEN"), /address is not set/);
  });

  it("has types that are right for programs written as either kind of module", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "larder-types-"));
    try {
      // Resolved by name, as a user's program does.
      for (const name of ["program.mts", "program.cts"]) writeFileSync(path.join(folder, name), read("test/types/program.ts"));
      mkdirSync(path.join(folder, "node_modules"));
      symlinkSync(root, path.join(folder, "node_modules/larder-cms"));
      const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
      execFileSync(
        process.execPath,
        [path.join(root, "node_modules/typescript/bin/tsc"), ...options, path.join(folder, "program.mts"), path.join(folder, "program.cts")],
        { encoding: "utf8", cwd: folder },
      );
    } catch (error) {
      assert.fail(error.stdout || error);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("runs with nothing but what browsers and edge runtimes have", async () => {
    const bundled = buildSync({
      stdin: { contents: 'export { Butter } from "./dist/index.js"', resolveDir: root },
      bundle: true, format: "iife", globalName: "larder", platform: "browser", write: false,
    });
    const asked = [];
    const fetch = async (url, init) => {
      asked.push([url, init.headers]);
      return new Response('{"data":{"slug":"jam"}}', { headers: { ETag: '"1"' } });
    };
    const world = { fetch, Headers, Response, AbortController, TextEncoder, URL, setTimeout, clearTimeout, performance };
    vm.createContext(world);
    vm.runInContext(bundled.outputFiles[0].text, world);
    world.document = {};
    const { Butter } = vm.runInContext("larder", world);
    const butter = Butter("TOKEN", { baseUrl: "https://cms.example.com" });
    assert.equal((await butter.post.retrieve("jam")).data.data.slug, "jam");
    assert.equal(asked[0][0], "https://cms.example.com/v2/posts/jam/?auth_token=TOKEN");
  });
});
