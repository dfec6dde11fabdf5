/** Copies in files, for Node: they outlive the process. */

import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Store } from "./store.js";

export interface FileStoreOptions {
  /** The oldest files beyond this number are removed, at every 100th write. Default 5,000. */
  files?: number;
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

const isAbsent = (error: any) => error?.code === "ENOENT";

export function fileStore(folder: string, { files = 5_000 }: FileStoreOptions = {}): Store {
  let writes = 0;
  const fileOf = (key: string) => path.join(folder, `${hashOf(key)}.json`);
  return {
    async get(key) {
      const held = await readFile(fileOf(key), "utf8").catch((error) => {
        if (isAbsent(error)) return "";
        throw error;
      });
      const text = held.slice(65);
      return held.slice(0, 65) === hashOf(text) + "\n" ? text : undefined;
    },

    async set(key, text) {
      const file = fileOf(key);
      // Renamed when whole, so that nobody reads half of it and a full disk leaves what was there.
      const draft = `${file}.${randomUUID()}.tmp`;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(draft, `${hashOf(text)}\n${text}`);
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        throw error;
      }
      if (++writes % 100 === 0) await tidy(folder, files);
    },

    delete: (key) => rm(fileOf(key), { force: true }),
  };
}

/** Removes the oldest files, and drafts of processes that ended while writing. */
async function tidy(folder: string, keep: number) {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = path.join(folder, name);
      return { file, time: await stat(file).then((of) => of.mtimeMs, () => 0) };
    }),
  );
  files.sort((a, b) => b.time - a.time);
  await Promise.all(files.slice(keep).map(({ file }) => rm(file, { force: true })));
}
