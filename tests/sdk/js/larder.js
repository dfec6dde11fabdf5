// A larder site for one test file: made on the command line, filled through the write API, served on a free port.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const here = import.meta.dirname;
const binary =
  process.env.LARDER_BIN ?? path.join(here, "../../../target/x86_64-unknown-linux-gnu/release/larder");
const description = path.join(here, "../site");

// A developer's own LARDER_* settings must not reach the site under test.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("LARDER_")));

export async function startSite() {
  const folder = await mkdtemp(path.join(tmpdir(), "larder-js-"));
  const data = path.join(folder, "site");
  const larder = async (...args) =>
    (await promisify(execFile)(binary, [...args, "--data", data], { env })).stdout.trim();
  const content = JSON.parse(await readFile(path.join(description, "content.json"), "utf8"));

  await larder("init");
  await larder("schema", "apply", path.join(description, "schema.json"), "--yes");
  for (const author of content.authors) {
    const flags = Object.entries(author).flatMap(([key, value]) => [`--${key.replaceAll("_", "-")}`, value]);
    await larder("author", "add", ...flags);
  }
  const site = {
    readToken: await larder("token", "add", "--kind", "read", "--name", "reader"),
    writeToken: await larder("token", "add", "--kind", "write", "--name", "writer"),
    browserToken: await larder("token", "add", "--kind", "read", "--name", "browser", "--no-preview"),
  };

  const log = await open(path.join(folder, "larder.log"), "w+");
  const server = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
    env,
    stdio: ["ignore", "pipe", log.fd],
  });
  const ended = once(server, "exit");
  site.stop = async () => {
    server.kill("SIGTERM");
    await ended;
    await log.close();
    const said = await readFile(path.join(folder, "larder.log"), "utf8");
    await rm(folder, { recursive: true });
    if (said.includes("panicked at")) throw new Error(said);
  };
  try {
    site.base = await listeningAddress(server, ended);
    while ((await fetch(`${site.base}/readyz`)).status !== 200) await pause(20);
    for (const call of content.calls) await write(site, call);
  } catch (error) {
    await site.stop();
    throw error;
  }
  return site;
}

/** Sends one change; the text "@menu/0" in a body becomes the id of the first item of `menu`. */
export async function write(site, { method, path, params = {}, body }) {
  const answer = await fetch(`${site.base}/v2/${path}?${new URLSearchParams(params)}`, {
    method,
    headers: { Authorization: `Token ${site.writeToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(await withIds(site, body)),
  });
  if (answer.status !== 202) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

async function listeningAddress(server, ended) {
  const lines = createInterface({ input: server.stdout });
  const said = await Promise.race([once(lines, "line"), ended.then(() => ["(it ended)"])]);
  const address = /larder is listening on (http:\/\/\S+)/.exec(said[0]);
  if (!address) throw new Error(`larder serve said: ${said[0]}`);
  return address[1];
}

async function withIds(site, value) {
  if (Array.isArray(value)) return Promise.all(value.map((inner) => withIds(site, inner)));
  if (value && typeof value === "object") {
    const pairs = Object.entries(value).map(async ([key, inner]) => [key, await withIds(site, inner)]);
    return Object.fromEntries(await Promise.all(pairs));
  }
  if (typeof value === "string" && value.startsWith("@")) {
    const [key, place] = value.slice(1).split("/");
    const query = new URLSearchParams({ keys: key, preview: 1, auth_token: site.readToken });
    const answer = await (await fetch(`${site.base}/v2/content/?${query}`)).json();
    return answer.data[key][place].meta.id;
  }
  return value;
}
