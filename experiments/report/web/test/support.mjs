// A page as a reader has it: the built template, filled as the program fills it, opened from a file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const patience = 300_000; // ms: a busy machine is slow, not wrong
const marker = "/*DEADLETTER-DATA*/null";

export const fixture = (name) => JSON.parse(readFileSync(join(here, "fixtures", `${name}.json`), "utf8"));

export function template() {
  try {
    return readFileSync(join(here, "..", "dist", "index.html"), "utf8");
  } catch {
    throw new Error("dist/index.html is not there: npm run build makes it");
  }
}

export function filled(data) {
  const [before, after, ...more] = template().split(marker);
  if (after === undefined || more.length > 0) throw new Error("the template has not exactly one place for data");
  const text = JSON.stringify(data)
    .replaceAll("</", "<\\/")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return before + text + after;
}

// The data that a filled page holds.
export const heldBy = (page) => page.evaluate(() => JSON.parse(document.getElementById("data").textContent));

export class Reader {
  static async start() {
    const reader = new Reader();
    reader.folder = mkdtempSync(join(tmpdir(), "deadletter-report-"));
    reader.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      timeout: patience,
    });
    return reader;
  }

  async stop() {
    await this.browser?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // `what`: a report's data, or the path of a page. Everything that should not happen is collected in `page.wrong`.
  async open(what, { hash = "", width = 1280, scheme = "light", motion = "reduce" } = {}) {
    let path = what;
    if (typeof what !== "string") {
      path = join(this.folder, `${++this.pages}.html`);
      writeFileSync(path, filled(what));
    }
    const context = await this.browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      reducedMotion: motion,
      acceptDownloads: true,
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.wrong = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) page.wrong.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => page.wrong.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!/^(file|blob|data):/.test(request.url())) page.wrong.push(`request: ${request.url()}`);
    });
    await page.addInitScript(() => {
      window.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(pathToFileURL(path).href + hash);
    await page.waitForSelector("main");
    await settled(page);
    return page;
  }

  pages = 0;
}

// Two frames: what was changed has been laid out and drawn.
export const settled = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

// RFC 4180.
export function parseCsv(text) {
  const rows = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  let row = [];
  text = text.replace(/^\ufeff/, "");
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error(`no CSV: ${text.slice(0, 80)}`);
    row.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

export async function csvOf(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`[data-table="${name}"] button`, { hasText: "CSV" }).first().click(),
  ]);
  return { name: download.suggestedFilename(), rows: parseCsv(readFileSync(await download.path(), "utf8")) };
}

// Texts whose contrast with what is behind them is under 4.5, as "ratio text".
export const faintTexts = (page) =>
  page.evaluate(() => {
    const rgb = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => {
      const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const solid = (color) => {
      const parts = rgb(color);
      return parts.length >= 3 && (parts[3] ?? 1) > 0.5 ? parts : null;
    };
    const behind = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const box = one.localName === "g" ? one.querySelector(":scope > rect") : null;
        const found = solid(box ? getComputedStyle(box).fill : getComputedStyle(one).backgroundColor);
        if (found) return found;
      }
      return [255, 255, 255];
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || element.closest("title, noscript, script, style")) continue;
      if (!element.checkVisibility({ visibilityProperty: true }) || element.getBoundingClientRect().width < 2) continue;
      const style = getComputedStyle(element);
      const color = solid(element.closest("svg") ? style.fill : style.color);
      const seen = color ? ratio(color, behind(element)) : 0;
      if (seen < 4.5) faint.push(`${seen.toFixed(2)} ${node.data.trim().slice(0, 40)}`);
    }
    return faint;
  });
