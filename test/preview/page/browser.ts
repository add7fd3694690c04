import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { document } from "../../../preview/report/json";
import { page } from "../../../preview/report/page/page";
import { traceOf } from "../../../preview/report/trace";
import { keysOf } from "../../../preview/project";
import { recordingOf, stackConfig } from "../../support/frozen";

/** A browser on this machine: Debian's package `chromium`, or Chrome as on GitHub's runners. */
export const executable = [
  process.env.CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium-browser",
].find((path) => path !== "" && existsSync(path));

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable ?? "", args: ["--no-sandbox"] });

/** A page of the frozen project, whose pictures don't change with the environments. */
export async function pageOf(stack: string): Promise<string> {
  const recording = await recordingOf(stack);
  const verdicts = { pack: { name: "pack", version: "1" }, policies: [], violations: [] };
  const keys = keysOf({ project: "plinth", stack, ...stackConfig(stack) });
  const plan = document(stack, recording, verdicts, keys);
  return page(plan, { keys, trace: traceOf(process.cwd(), plan.resources) });
}

/** The page, once its script has read the plan. Collects errors of the console. */
export async function open(browser: Browser, html: string, scheme: "light" | "dark" = "light") {
  const tab = await browser.newPage({ viewport: { width: 1400, height: 1000 }, colorScheme: scheme });
  const complaints: string[] = [];
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(String(error)));
  tab.on("request", (request) => /^(about|data|blob):/.test(request.url()) || complaints.push(request.url()));
  await tab.setContent(html);
  await tab.waitForSelector("html[data-ready]");
  return { tab, complaints };
}

/** The pictures that the documents show, by file. */
export const PICTURES: Readonly<
  Record<string, { scheme: "light" | "dark"; take: (tab: Page) => Promise<Buffer> }>
> = {
  "report.png": { scheme: "light", take: (tab) => tab.locator("#canvas").screenshot() },
  "report-detail.png": {
    scheme: "dark",
    take: async (tab) => {
      await tab.locator("#system").selectOption("ams");
      await tab.locator('.item.workload[data-system="ams"]').first().click();
      return tab.screenshot();
    },
  },
  "report-timeline.png": { scheme: "light", take: (tab) => tab.locator("#timeline .bars").screenshot() },
};
