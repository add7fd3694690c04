import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, open, pageOf, PICTURES } from "./browser";

/** `npm run docs:pictures`: writes the documents' pictures of a report. Needs Chromium. */

async function write(): Promise<void> {
  const folder = join(__dirname, "../../../docs/images");
  mkdirSync(folder, { recursive: true });
  const html = await pageOf("prod");
  const browser = await launch();
  for (const [file, { scheme, take }] of Object.entries(PICTURES)) {
    const { tab } = await open(browser, html, scheme);
    writeFileSync(join(folder, file), await take(tab));
  }
  await browser.close();
}

void write();
