// The page in a real browser: Chromium, as Debian packages it. Without one these tests are skipped, and say so.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getRequestListener } from "@hono/node-server";
import anyTest, { type TestFn } from "ava";
import { type Browser, chromium, type Page } from "playwright-core";
import { settingFrom } from "../../src/catalogue/index.js";
import { endOf } from "../../src/explorer/open-sessions.js";
import { explorerApp } from "../../src/explorer/server.js";
import { type Place, Session } from "../../src/explorer/session.js";
import { exporterNamed } from "../../src/export/index.js";
import { htmlPage } from "../../src/render/html.js";
import { readTrace, replay } from "../../src/trace/index.js";
import { viewerPlace, viewerScript } from "../../src/viewer/embed.js";
import type { Story } from "../../src/viewer/story.js";
import { storyOf } from "../../src/viewer/tell.js";
import { root } from "../cli/support.js";
import { contradicting, simulated } from "../export/traces.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);
const test = (executablePath ? anyTest.serial : anyTest.serial.skip) as TestFn;
if (!executablePath) console.log("No Chromium is installed: the tests of the page in a browser are skipped.");

let browser: Browser;
const directory = mkdtempSync(join(tmpdir(), "turncoat-page-"));
const endings: (() => void)[] = [];

if (executablePath) {
  anyTest.before(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  anyTest.after.always(async () => {
    await browser?.close();
    for (const end of endings) end();
  });
}
anyTest.after.always(() => rmSync(directory, { recursive: true, force: true }));

/** Opens a page; what its console complains of, and what it loads from elsewhere, is collected. */
async function opened(url: string, width = 1280) {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push("a dialog");
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.waitForSelector(".viewer .row, .viewer .next");
  return { page, complaints };
}

async function written(name: string, make: () => Promise<string>): Promise<string> {
  const file = join(directory, `${name}.html`);
  writeFileSync(file, await make());
  return pathToFileURL(file).href;
}

async function replayed(flaw: string) {
  const file = `${root}/corpus/${flaw}.json`;
  const trace = await readTrace(file);
  return { trace, result: await replay(trace), file };
}

/** A server on a free port. */
async function serving(session: Session, place: Place): Promise<string> {
  const app = explorerApp({ token: "token", session, place, admit: () => {} });
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endings.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token/`;
}

async function servingTrace(flaw: string): Promise<string> {
  const trace = await readTrace(`${root}/corpus/${flaw}.json`);
  const session = new Session(await settingFrom(trace.setting), trace.setting.protocol);
  return serving(session, endOf(session, trace).at);
}

const position = (page: Page) => page.locator(".position").innerText();
/** Waits until this step is looked at. */
const at = (page: Page, step: number) =>
  page
    .locator(".position")
    .filter({ hasText: new RegExp(`^${step} /`) })
    .waitFor();

/** The address, once it has followed to a state after so many steps, with so many expressions that are watched. */
async function linkTo(page: Page, steps: number, watched: number): Promise<string> {
  for (;;) {
    const [, text] = /#go=([\w-]+)/.exec(page.url()) ?? [];
    const link = JSON.parse(Buffer.from(text ?? "e30", "base64url").toString()) as {
      path?: string[];
      watches?: string[];
    };
    if (link.path?.length === steps && (link.watches ?? []).length === watched) return page.url();
    await page.waitForTimeout(50);
  }
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

test("by keys alone one steps through a trace to the violation and back, and sees what each node knows", async (t) => {
  const url = await written("steps", async () => {
    const one = await replayed("pbft-new-view-unjustified");
    const original = await replay(one.trace, "pbft");
    return exporterNamed("html").write({ ...one, onOriginal: { protocol: "pbft", result: original } });
  });
  const { page, complaints } = await opened(url);
  t.is(await position(page), "start / 14");
  await press(page, "g", "9", "Enter");
  t.is(await position(page), "9 / 14");
  await press(page, "g", "2", "Enter", "o");
  t.is(await position(page), "2 / 14");
  t.is(
    await page
      .locator(".node.changed h3")
      .innerText()
      .then((text) => text.slice(0, 2)),
    "r0",
  );
  await press(page, "End", "p");
  t.regex(await page.locator(".property.violated h3").innerText(), /^violated\s+agreement$/);
  await press(page, "Home");
  t.is(await page.locator(".property.violated").count(), 0);
  await press(page, "c");
  t.regex(await page.locator(".compare .lead").innerText(), /They part at\s+step 5/);
  const titles = () => page.locator("[role=listbox]").evaluateAll((all) => all.map((one) => one.ariaLabel));
  t.deepEqual(await titles(), ["Steps of pbft/new-view-unjustified", "Steps of pbft"]);
  await press(page, "ArrowDown", "ArrowDown", "ArrowDown");
  t.is(await page.locator(".row.selected").count(), 2); // the same step in both
  t.is(await page.locator(".note.parts").count(), 2);
  await press(page, "s");
  t.deepEqual(await titles(), ["Steps"]);
  await press(page, "Home", "/");
  await page.keyboard.type("new-view");
  t.is(await page.locator(".row").count(), 2);
  await press(page, "Escape", "w");
  await page.keyboard.type("r*.view");
  await press(page, "Enter");
  t.deepEqual(await page.locator(".span").allInnerTexts(), ["[0, 0, 0]", "[1, 0, 0]", "[1, 1, 0]"]);
  t.deepEqual(complaints, []);
  await page.context().close();
});

test("a hostile message is text, in the diagram and in the tree", async (t) => {
  const hostile = `<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e`;
  const url = await written("hostile", async () => {
    const { result } = await replayed("pbft-quorum-2f");
    const story = JSON.parse(JSON.stringify(storyOf(result, hostile))) as Story;
    const steps = story.steps.map((step) => ({
      ...step,
      line: hostile,
      message: step.message && { ...step.message, type: hostile, content: { [hostile]: hostile } },
      events: [hostile],
    }));
    const bad = { ...story, title: hostile, end: hostile, steps };
    return htmlPage("hostile", viewerPlace(0, "", true), "", viewerScript({ stories: [bad, bad] }));
  });
  const { page, complaints } = await opened(url);
  await press(page, "ArrowDown", "s", "o", "p", "a", "c");
  t.is(await page.locator(".viewer img, .viewer script").count(), 0);
  t.deepEqual(complaints, []);
  await page.context().close();
});

test("at 500 pixels nothing is wider than the window, and everything can be reached", async (t) => {
  const url = await written("narrow", async () =>
    exporterNamed("html").write(await replayed("pbft-new-view-unjustified")),
  );
  const { page, complaints } = await opened(url, 500);
  await press(page, "ArrowDown", "o");
  t.true(await page.evaluate("document.documentElement.scrollWidth <= 500"));
  t.true(await page.locator(".tabs button").last().isVisible());
  t.true(await page.locator(".node").first().isVisible());
  t.deepEqual(complaints, []);
  await page.context().close();
});

test("3,000 actions are drawn a window at a time", async (t) => {
  const url = await written("long", async () => {
    const { result } = await replayed("pbft-timeout-constant");
    const story = storyOf(result, "long");
    const steps = Array.from({ length: 3000 }, (_, index) => ({
      ...story.steps[index % 150]!,
      causes: [],
      patch: [],
    }));
    const data = { stories: [{ ...story, steps }] };
    return htmlPage("long", viewerPlace(0, "", true), "", viewerScript(data));
  });
  const { page, complaints } = await opened(url);
  t.is(await position(page), "start / 3000");
  t.true((await page.locator(".row").count()) < 150);
  await press(page, "End");
  t.is(await position(page), "3000 / 3000");
  await page.waitForSelector("#step-3000");
  t.true((await page.locator(".row").count()) < 150);
  t.deepEqual(complaints, []);
  await page.context().close();
});

test("one chooses, forks, asks for the shortest violation, and shares the link: a fresh browser lands in the same state", async (t) => {
  const trace = await readTrace(`${root}/corpus/pbft-quorum-2f.json`);
  const session = new Session(await settingFrom(trace.setting), trace.setting.protocol);
  const url = await serving(session, session.starts[0]!);
  const { page, complaints } = await opened(url);
  await page.waitForSelector(".next");
  await press(page, "1");
  await at(page, 1);
  await press(page, "Home", "2");
  await at(page, 1);
  await press(page, "b");
  t.is(await page.locator(".branch").count(), 2);
  await press(page, "q");
  await page.getByRole("button", { name: "shortest violation" }).click();
  await page.waitForSelector(".end.violated");
  t.is(await position(page), "4 / 4");
  await page.getByRole("button", { name: "when did it become unavoidable?" }).click();
  await page.waitForSelector(".note.doomed");
  const shown = await page.locator(".end").innerText();
  const rows = await page.locator(".row .what").allInnerTexts();
  await press(page, "w");
  await page.keyboard.type("count(r*.log)");
  await press(page, "Enter", "Escape");
  const link = await linkTo(page, 4, 1);
  // A fork before the violation has not violated anything.
  await press(page, "ArrowUp", "b");
  await page.getByRole("button", { name: "fork at step 3" }).click();
  await page.locator(".branch").nth(3).waitFor();
  t.is(await page.locator(".end").innerText(), "Nothing is violated so far.");
  t.is(await page.locator(".note.doomed").count(), 0);
  const fresh = await opened(link);
  t.is(await fresh.page.locator(".watch-row code").innerText(), "count(r*.log)");
  t.is(await fresh.page.locator(".end").innerText(), shown);
  t.deepEqual(await fresh.page.locator(".row .what").allInnerTexts(), rows);
  t.deepEqual([...complaints, ...fresh.complaints], []);
  await page.context().close();
  await fresh.page.context().close();
});

test("a trace is compared with the correct protocol; a damaged file is refused in words", async (t) => {
  const { page, complaints } = await opened(await servingTrace("pbft-new-view-unjustified"));
  await press(page, "b");
  await page.getByRole("button", { name: "the same actions on this protocol" }).click();
  t.regex(await page.locator(".compare .lead").innerText(), /They part at\s+step 5/);
  t.is(await page.locator(".note.parts").count(), 2);
  await press(page, "b");
  await page.getByRole("button", { name: "fork at step 14" }).click();
  await page.locator(".branch").nth(1).waitFor();
  await press(page, "c");
  t.is(await page.locator(".compare select option:checked").innerText(), "pbft");
  t.is(await page.locator(".note.parts").count(), 2); // with three runs, too
  await press(page, "b");
  const file = join(directory, "damaged.json");
  writeFileSync(file, "{}");
  await page.locator("input[type=file]").last().setInputFiles(file);
  t.regex(await page.locator(".problem").innerText(), /is not a Turncoat trace/);
  // The browser notes that a request was answered with 400; nothing else is wrong.
  t.true(complaints.every((text) => text.includes("400")));
  await page.context().close();
});

test("a protocol of the user's own is explored", async (t) => {
  const protocol = join(root, "test/cases/streamlet.ts");
  const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
  const setting = {
    protocol,
    config,
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 2 },
  };
  const session = new Session(await settingFrom({ ...setting, properties: ["agreement"] }), protocol);
  const { page, complaints } = await opened(await serving(session, session.starts[0]!));
  await page.waitForSelector(".next");
  await press(page, "1");
  await at(page, 1);
  await press(page, "o");
  t.is(await page.locator(".node").count(), 4);
  t.deepEqual(complaints, []);
  await page.context().close();
});

test("a simulated run has a time axis, and begins with what it is about", async (t) => {
  const url = await written("simulated", async () => {
    const { replayed } = await simulated("pbft/quorum-2f", contradicting);
    return exporterNamed("html").write(replayed);
  });
  const { page, complaints } = await opened(url);
  t.is(await page.locator(".tick").count(), 0);
  t.regex(await page.locator(".panel").innerText(), /pbft\/quorum-2f: prepared and committed need 2f votes/);
  await press(page, "t");
  const ticks = await page.locator(".tick text").allTextContents();
  t.true(ticks.length > 2);
  t.is(ticks[0], "0 ms");
  await press(page, "End", "p");
  t.regex(await page.locator(".property.violated h3").first().innerText(), /^violated\s+agreement$/);
  t.deepEqual(complaints, []);
  await page.context().close();
});

test("a page whose data are damaged says so, and keeps its picture", async (t) => {
  const html = exporterNamed("html").write(await replayed("pbft-quorum-2f"));
  const begin = html.indexOf(">", html.indexOf('id="turncoat-data"')) + 1;
  const end = html.indexOf("</script>", begin);
  const withData = (data: string) => html.slice(0, begin) + data + html.slice(end);
  const data = html.slice(begin, end);
  const pages = {
    cut: withData(data.slice(0, 1000)),
    foreign: withData("[1, 2]"),
    holes: withData(data.replace('"lanes":[', '"lane":[')),
  };
  for (const [name, text] of Object.entries(pages)) {
    const page = await browser.newPage();
    await page.goto(await written(`damaged-${name}`, async () => text));
    t.regex(
      await page.locator(".problem").innerText(),
      /^The data of this page are damaged, or of another version/,
    );
    if (name !== "holes") t.is(await page.locator("[data-story] svg").count(), 1);
    await page.close();
  }
});
