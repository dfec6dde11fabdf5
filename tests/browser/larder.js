// The real program, and browsers that look at it.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const BINARY = resolve(process.env.LARDER_BIN ?? join(import.meta.dirname, '../../target/debug/larder'));
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** How long something may take to come, in milliseconds: long, because machines that test are busy. */
export const PATIENCE = 120_000;

/** What everybody in these tests signs in with. */
export const PASSWORD = 'correct horse battery staple';

/** A site in a folder of its own, served by the real program on a free port. */
export class Larder {
  /** Makes the starter site (or an empty one), its people, and starts the server. */
  static async start({ starter = true, people = { 'olga@example.com': 'owner' }, env = {} } = {}) {
    const larder = new Larder();
    larder.folder = mkdtempSync(join(tmpdir(), 'larder-browser-'));
    larder.env = { ...process.env, LARDER_LOG: 'warn', ...env };
    larder.run(['init', '--data', larder.site, ...(starter ? ['--starter'] : [])]);
    for (const [email, role] of Object.entries(people)) larder.addPerson(email, role);
    await larder.serve();
    return larder;
  }

  get site() {
    return join(this.folder, 'site');
  }

  /** Runs a command beside the server and returns what it printed. */
  run(args, input) {
    return execFileSync(BINARY, args, { env: this.env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** The same, while this process answers others. */
  async runBeside(args) {
    return (await promisify(execFile)(BINARY, args, { env: this.env, encoding: 'utf8' })).stdout;
  }

  /** Adds a person; their name is the first part of the address. */
  addPerson(email, role) {
    const name = email.split('@')[0].replace(/^./, (letter) => letter.toUpperCase());
    const options = ['--email', email, '--name', name, '--role', role, '--password-stdin'];
    this.run(['user', 'add', '--data', this.site, ...options], `${PASSWORD}\n`);
  }

  /** Starts the server; the second time on the port of the first. */
  async serve() {
    const listen = this.port ? `127.0.0.1:${this.port}` : '127.0.0.1:0';
    this.process = spawn(BINARY, ['serve', '--data', this.site, '--listen', listen], {
      env: this.env, stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.ended = new Promise((done) => this.process.once('exit', done));
    this.url = await new Promise((found, failed) => {
      let text = '';
      this.process.stdout.on('data', (chunk) => {
        text += chunk;
        const address = /listening on (http:\/\/\S+)/.exec(text);
        this.setup = /http:\S+\/admin\/setup\?code=\S+/.exec(text)?.[0];
        if (address) found(address[1]);
      });
      this.process.once('exit', (code) => failed(new Error(`larder ended with ${code}: ${text}`)));
    });
    this.port = new URL(this.url).port;
  }

  /** Ends the server as a power cut would, or as asked. */
  async stop(signal = 'SIGKILL') {
    this.process.kill(signal);
    await this.ended;
  }

  async end() {
    await this.stop('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A read token of the site. */
  readToken() {
    return this.run(['token', 'add', '--data', this.site, '--kind', 'read', '--name', 'browser tests']).trim().split(/\s+/).pop();
  }

  /** The public API's answer. */
  async api(path, token) {
    const join = path.includes('?') ? '&' : '?';
    const response = await fetch(`${this.url}/v2${path}${join}auth_token=${token}`);
    return { status: response.status, body: await response.json().catch(() => null) };
  }
}

/** Chromium with a fresh profile. */
export function openChromium() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
}

/**
 * A page that fails its test when the policy is violated, another origin asked, or a script breaks:
 * `page.faults` lists them.
 */
export async function newPage(browser, larder, options = {}) {
  const { theme = 'light', width = 1280, height = 900, touch = false, bypassCSP = false, context } = options;
  const own = context ?? await browser.newContext({
    colorScheme: theme, viewport: { width, height }, hasTouch: touch, isMobile: touch, bypassCSP, baseURL: larder.url,
  });
  const page = await own.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.faults = [];
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  page.on('console', (message) => {
    if (/policy|Refused to/i.test(message.text()) && message.type() === 'error') page.faults.push(message.text());
  });
  page.on('pageerror', (error) => page.faults.push(`${error.stack ?? error}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(larder.url) && !/^(blob|data|about):/.test(url)) page.faults.push(`asked ${url}`);
  });
  return page;
}

/** Signs in through the form. */
export async function signIn(page, email = 'olga@example.com', password = PASSWORD) {
  await page.goto('/admin/sign-in');
  await page.getByLabel('Email', { exact: false }).first().fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/admin/sign-in'));
}

/** What axe finds on a page, one line each. */
export async function axe(page, within) {
  // As typed into the console, which the page's policy does not concern.
  const console = await page.context().newCDPSession(page);
  await console.send('Runtime.evaluate', { expression: `${AXE};0` });
  await console.detach();
  const found = await page.evaluate(async (root) => {
    // What is still fading in has weaker colours than it will have. What turns for ever is not waited for.
    const ending = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map((animation) => animation.finished));
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const result = await globalThis.axe.run(root ?? document, { runOnly: { type: 'tag', values: tags } });
    const line = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} (${node.failureSummary})`);
    return result.violations.flatMap(line);
  }, within);
  return found;
}
