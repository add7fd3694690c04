import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { needs } from "../../support/needs";
import { executable, launch, open, pageOf, PICTURES } from "./browser";

describe("the report as a page, in a browser", () => {
  let browser: Browser;
  let html: string;
  let tab: Page;
  let complaints: string[];

  before(async function () {
    needs(this, executable === undefined ? "Chromium (Debian's package chromium)" : undefined);
    html = await pageOf("prod");
    // Last, and assigned at once: a browser that isn't closed keeps the test process alive.
    browser = await launch();
    ({ tab, complaints } = await open(browser, html));
  });
  after(() => browser?.close());
  afterEach(() =>
    assert.deepEqual(complaints ?? [], [], "the console has errors, or the page asks the network"),
  );

  it("is one file of less than 3 MB, without a secret", () => {
    assert.ok(html.length < 3_000_000, `${html.length} bytes`);
    assert.ok(!/(src|href)="(?!#)/.test(html), "it names another file");
  });

  it("shows every value as text, and fits a narrow window", async () => {
    assert.doesNotMatch(await tab.locator("main").innerText(), /\[object|undefined|NaN/);
    const objectives = await tab.locator("#objectives").innerText();
    assert.match(objectives, /recovery\.rtoHours\s+8/);
    await tab.setViewportSize({ width: 480, height: 900 });
    assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), 480);
    await tab.setViewportSize({ width: 1400, height: 1000 });
  });

  it("has room for each box's name", async () => {
    const wide = await tab.evaluate(`[...document.querySelectorAll(".box")].flatMap((box) => {
      const [rect, text] = ["rect", "text"].map((tag) => box.querySelector(tag).getBBox());
      return text.x + text.width > rect.x + rect.width ? [box.textContent] : [];
    })`);
    assert.deepEqual(wide, []);
  });

  it("shows each workload in its namespace and each store, and finds them", async () => {
    assert.equal(await tab.locator(".item.workload").count(), 16);
    await tab.locator("#search").fill("postgres");
    assert.match(await tab.locator("#matches").innerText(), /^\d+ found$/);
    const shown = tab.locator(".item:not(.faded)");
    for (const label of await shown.evaluateAll((all) => all.map((each) => each.getAttribute("aria-label"))))
      assert.match(label ?? "", /postgres/i);
    await tab.locator("#search").fill("");
  });

  it("fades the resources of other systems", async () => {
    await tab.locator("#system").selectOption("tapwork");
    assert.ok((await tab.locator('.item.faded[data-system="ams"]').count()) > 0);
    assert.equal(await tab.locator('.item.faded[data-system="tapwork"]').count(), 0);
    await tab.locator("#system").selectOption("");
  });

  it("shows a node's inputs and what it reaches, by a click and by the keyboard", async () => {
    const api = tab.locator('.item.workload[data-system="ams"][aria-label*="api"]').first();
    await api.click();
    const detail = tab.locator("#detail");
    assert.match(await detail.innerText(), /primary-ams-api[^]*ams api → ams postgres: TCP 5432[^]*Rollout/);
    await tab.keyboard.press("Escape");
    assert.ok(await detail.isHidden());
    await api.focus();
    await tab.keyboard.press("Enter");
    assert.ok(await detail.isVisible());
    await tab.locator("#close").click();
  });

  it("zooms and fits again", async () => {
    const view = () => tab.locator("#picture").getAttribute("viewBox");
    const whole = await view();
    await tab.locator("#zoom-in").click();
    assert.notEqual(await view(), whole);
    await tab.locator("#zoom-all").click();
    assert.equal(await view(), whole);
  });

  it("finds a resource in the tree, with secrets masked", async () => {
    await tab.locator("#tree-search").fill("primary-ams-stores-postgres-primary");
    await tab.locator('#tree button[data-id*="aws:rds/instance"]').first().click();
    const text = await tab.locator("#detail").innerText();
    assert.match(text, /"instanceClass": "db\./);
    assert.match(text, /"password": "\[(unknown|secret)\]"/);
    await tab.locator("#close").click();
  });

  it("gives every control an accessible name", async () => {
    const nameless = await tab.locator("button, [role=button], input, select").evaluateAll(
      (all) =>
        all.filter((each) => {
          const labels = (each as unknown as { labels?: { length: number } | null }).labels;
          const named = each.getAttribute("aria-label") ?? each.textContent ?? "";
          return named.trim() === "" && (labels?.length ?? 0) === 0;
        }).length,
    );
    assert.equal(nameless, 0);
    const headings = await tab.locator("h1, h2").count();
    assert.ok(headings >= 6, `${headings} headings`);
  });

  for (const [file, { scheme, take }] of Object.entries(PICTURES))
    it(`looks like docs/images/${file}: npm run docs:pictures`, async () => {
      const other = await open(browser, html, scheme);
      const taken = await take(other.tab);
      const kept = readFileSync(join(process.cwd(), "docs/images", file));
      const apart = await difference(other.tab, [taken, kept]);
      assert.ok(apart < 0.15, `${(apart * 100).toFixed(1)} % apart`);
      assert.deepEqual(other.complaints, []);
      await other.tab.close();
    });
});

/** Difference of two pictures, from 0 to 1: the mean difference in grey of their 48 × 48 pixel versions. */
const difference = (tab: Page, pictures: readonly Buffer[]): Promise<number> =>
  tab.evaluate(`(async (sources) => {
    const [one, other] = await Promise.all(sources.map(async (source) => {
      const bytes = Uint8Array.from(atob(source), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(48, 48).getContext("2d");
      context.drawImage(bitmap, 0, 0, 48, 48);
      return context.getImageData(0, 0, 48, 48).data;
    }));
    return one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / one.length / 255;
  })(${JSON.stringify(pictures.map((picture) => picture.toString("base64")))})`);
