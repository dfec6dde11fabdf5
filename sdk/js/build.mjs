// Builds dist/: each entry point as ESM and CJS, and the types for both.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const { version } = JSON.parse(readFileSync(path.join(here, "package.json"), "utf8"));
const dist = path.join(here, "dist");
rmSync(dist, { recursive: true, force: true });

// `require("larder-cms")` is the function itself, as `require("buttercms")` is.
const CALLABLE = "{const all=module.exports;module.exports=Object.assign(all.default,all,{__esModule:true})}";

for (const name of ["index", "file", "redis"]) {
  const shared = {
    entryPoints: [path.join(here, `src/${name}.ts`)],
    bundle: true,
    minify: true,
    target: "es2022",
    external: ["node:*"],
    define: { VERSION: JSON.stringify(version) },
  };
  await build({ ...shared, format: "esm", outfile: path.join(dist, `${name}.js`) });
  const footer = name === "index" ? { js: CALLABLE } : {};
  await build({ ...shared, format: "cjs", outfile: path.join(dist, `${name}.cjs`), footer });
}

execFileSync(process.execPath, [path.join(here, "node_modules/typescript/bin/tsc"), "-p", here], { stdio: "inherit" });
for (const name of readdirSync(dist).filter((file) => file.endsWith(".d.ts"))) {
  // The same types once more, as CommonJS sees them.
  const types = readFileSync(path.join(dist, name), "utf8").replaceAll(/(from "\.\/[^"]+)\.js"/g, '$1.cjs"');
  writeFileSync(path.join(dist, name.replace(/\.ts$/, ".cts")), types);
}
