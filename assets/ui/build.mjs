// Writes the dashboard's scripts, styles, icons and fonts to ../dist, or to the folder given as argument.
// The same sources and lock file give the same bytes, wherever and whenever this runs.

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../dist'));

const ALLOWED = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'OFL-1.1'];
const FONTS = { 'inter-latin.woff2': 'inter-latin-wght-normal', 'inter-latin-ext.woff2': 'inter-latin-ext-wght-normal' };
// Copied rather than bundled, so the list of bundled files does not name them.
const COPIED = ['htmx.org', 'lucide-static', '@fontsource-variable/inter'];

const outputs = new Map();
const packages = new Set(COPIED);

for (const [name, file] of Object.entries(FONTS)) {
  outputs.set(name, await readFile(pack('@fontsource-variable/inter', `files/${file}.woff2`)));
}
outputs.set('htmx.js', await readFile(pack('htmx.org', 'dist/htmx.min.js')));
outputs.set('mark.svg', await readFile(join(here, 'mark.svg')));
outputs.set('icons.svg', Buffer.from(await sprite()));
await bundle('js/app.js', 'app.js');
await bundle('js/editor.js', 'editor.js');
await bundle('js/image-tool.js', 'image-tool.js');
for (const name of ['model.js', 'library.js', 'library-upload.js', 'library-asset.js', 'access.js']) await bundle(`js/${name}`, name);
await bundle('css/app.css', 'app.css', withFontAddresses);
for (const name of ['access.css', 'image-tool.css', 'library.css', 'model.css', 'pictures.css', 'search.css', 'writing.css']) await bundle(`css/${name}`, name);
outputs.set('THIRD-PARTY.txt', Buffer.from(await thirdParty()));
outputs.set('MANIFEST.json', Buffer.from(await manifest()));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [name, bytes] of outputs) await writeFile(join(out, name), bytes);

function pack(name, file = '') {
  return join(here, 'node_modules', name, file);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bundles one entry and remembers the packages whose files went into it. */
async function bundle(entry, name, finish = (text) => text) {
  const built = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: ['es2022', 'chrome120', 'firefox121', 'safari17'],
    charset: 'utf8',
    legalComments: 'none',
    external: ['*.woff2'],
    logLevel: 'warning',
  });
  const [output] = Object.values(built.metafile.outputs);
  for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
    const found = file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found && bytesInOutput > 0) packages.add(found[1]);
  }
  outputs.set(name, Buffer.from(finish(built.outputFiles[0].text)));
}

/** Every file is served under the start of its own hash, so the style sheet has to name those of the fonts. */
function withFontAddresses(css) {
  return css.replace(/url\(["']?(?:\.\/)?(inter-[a-z-]+\.woff2)["']?\)/g, (_, name) => {
    return `url(../${sha256(outputs.get(name)).slice(0, 12)}/${name})`;
  });
}

/** The icons named in icons.txt as symbols of one file. */
async function sprite() {
  const names = (await readFile(join(here, 'icons.txt'), 'utf8')).split('\n').filter(Boolean);
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(pack('lucide-static', `icons/${name}.svg`), 'utf8');
    const shapes = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, ' ').replace(/> </g, '><').replace(/ \/>/g, '/>').trim()}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

/** Name, version and licence text of everything that is shipped; stops at a licence nobody agreed to. */
async function thirdParty() {
  const parts = ['What the dashboard is built with, apart from its own code.\n'];
  for (const name of [...packages].sort()) {
    const { version, license } = JSON.parse(await readFile(pack(name, 'package.json'), 'utf8'));
    if (!ALLOWED.includes(license)) throw new Error(`${name} ${version} is under ${license}, which is not one of ${ALLOWED.join(', ')}`);
    const file = (await readdir(pack(name))).sort().find((file) => /^licen[cs]e/i.test(file));
    if (!file) throw new Error(`${name} ${version} comes without the text of its licence`);
    const text = (await readFile(pack(name, file), 'utf8')).replace(/\r\n/g, '\n').trim();
    parts.push(`${'='.repeat(80)}\n${name} ${version}, ${license}\n${'='.repeat(80)}\n\n${text}\n`);
  }
  return parts.join('\n');
}

/** The hashes by which `cargo test` sees that sources and output belong together, without Node. */
async function manifest() {
  const { version } = JSON.parse(await readFile(pack('esbuild', 'package.json'), 'utf8'));
  const sources = {};
  for (const file of await sourceFiles(here)) {
    const text = (await readFile(file, 'utf8')).replace(/\r\n/g, '\n');
    sources[relative(here, file).split(sep).join('/')] = sha256(text);
  }
  const built = [...outputs.keys()].sort().map((name) => [name, sha256(outputs.get(name))]);
  return `${JSON.stringify({ tools: { esbuild: version }, sources, outputs: Object.fromEntries(built) }, null, 2)}\n`;
}

async function sourceFiles(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...await sourceFiles(path));
    else found.push(path);
  }
  return found.sort();
}
