// `npm run bench:explorer`: how quickly the page of `turncoat explore` answers. A click is taken as a user does, in Chromium where there is
// one: the time until the diagram has the step, and until the list of what can happen next is that of the new state. Besides, how long a
// trace of 3,000 actions takes to be opened, and a step in it.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { type Browser, chromium, type Page } from "playwright-core";
import { settingFrom } from "../src/catalogue/index.js";
import { LookAhead } from "../src/explorer/look-ahead.js";
import { nextActions } from "../src/explorer/next.js";
import { explorerApp } from "../src/explorer/server.js";
import { Session } from "../src/explorer/session.js";
import { exporterNamed } from "../src/export/index.js";
import { Dice } from "../src/fuzz/dice.js";
import { parametersFrom } from "../src/simulate/raw-options.js";
import { record } from "../src/simulate/result.js";
import { replayedRecording, traceOfSimulation } from "../src/trace/replay-simulated.js";
import { benchArguments } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

benchArguments();

const clicks = 100;

/** Between two clicks, in milliseconds: the server looks ahead meanwhile. */
const thoughtMs = 200;

const subjects = [
  { replicas: 4, faults: 1, byzantine: ["r0"] },
  { replicas: 7, faults: 2, byzantine: ["r0", "r1"] },
];

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);

async function sessionOf({ replicas, faults, byzantine }: (typeof subjects)[number]): Promise<Session> {
  const setting = {
    protocol: "pbft",
    config: { replicas, faults, requests: 2, slots: 2, clients: false },
    byzantine,
    adversary: "arbitrary",
    network: "async",
    bounds: { views: 1 },
    properties: ["agreement", "validity", "integrity"],
  };
  return new Session(await settingFrom(setting));
}

/** Median and 95th percentile. */
function told(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(1);
  console.log(`  ${what.padEnd(44)} median ${at(0.5).padStart(7)} ms   p95 ${at(0.95).padStart(7)} ms`);
}

/** What the server does for a click: the step, and what can happen after it. */
async function serverTimes(subject: (typeof subjects)[number]): Promise<void> {
  const session = await sessionOf(subject);
  const dice = new Dice(1);
  const lookAhead = new LookAhead();
  let place = session.starts[0]!;
  const [takes, nexts]: [number[], number[]] = [[], []];
  for (let click = 0; click < clicks; click++) {
    const beforeNext = cpuSeconds();
    const keys = nextActions(session, place).flatMap(({ actions }) => actions.map(({ key }) => key));
    nexts.push((cpuSeconds() - beforeNext) * 1000);
    if (keys.length === 0) break;
    lookAhead.from(session, place);
    await setTimeout(thoughtMs);
    const beforeTake = cpuSeconds();
    place = session.take(place, keys[dice.below(keys.length)]!)!;
    takes.push((cpuSeconds() - beforeTake) * 1000);
    lookAhead.stop();
  }
  told(`server, CPU: a step (of ${takes.length})`, takes);
  told("server, CPU: what can happen next", nexts);
}

/** The CPU time of a page's main thread so far, in milliseconds. */
async function cpuOf(page: Page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
  };
}

/** In the page: clicks a random one of the actions that can happen next. */
const clickOne = `(random) => new Promise((resolve) => {
  const position = document.querySelector(".position");
  const [before, list] = [position.textContent, document.querySelector(".panel").textContent];
  const buttons = [...document.querySelectorAll("button.next")];
  if (buttons.length === 0) return resolve(null);
  const from = performance.now();
  let step = null;
  const look = () => {
    if (step === null && position.textContent !== before) step = performance.now() - from;
    if (step !== null && document.querySelector(".panel").textContent !== list) {
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve({ step, all: performance.now() - from })));
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  buttons[Math.floor(random * buttons.length)].click();
})`;

async function pageTimes(browser: Browser, subject: (typeof subjects)[number]): Promise<void> {
  const session = await sessionOf(subject);
  const app = explorerApp({ token: "token", session, place: session.starts[0]!, admit: () => {} });
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/token/`);
  await page.waitForSelector("button.next");
  const dice = new Dice(1);
  const [steps, all, cpus]: [number[], number[], number[]] = [[], [], []];
  const cpu = await cpuOf(page);
  for (let click = 0; click < clicks; click++) {
    const before = await cpu();
    const random = dice.below(1000) / 1000;
    const times = (await page.evaluate(`(${clickOne})(${random})`)) as { step: number; all: number } | null;
    if (times === null) break;
    steps.push(times.step);
    all.push(times.all);
    cpus.push((await cpu()) - before);
    await page.waitForTimeout(thoughtMs); // the link follows
  }
  told("page, CPU of its thread: a click", cpus);
  told(`page: click to step (of ${steps.length})`, steps);
  told("page: click to all that follows, painted", all);
  await page.close();
  server.close();
  server.closeAllConnections();
}

/** Writes the page of a simulated run of 3,000 actions. */
async function writeLongTrace(
  directory: string,
): Promise<{ readonly file: string; readonly length: number }> {
  const words = { clients: 3, requests: 20, replicas: 7, delay: "5..35", seed: 1 };
  const recording = await record(parametersFrom(words));
  const trace = traceOfSimulation(recording, words, { origin: "a measurement", parts: {} });
  const shown = { ...trace, actions: trace.actions.slice(0, 3000) };
  const whole = replayedRecording(recording, trace);
  const result = { ...whole, steps: whole.steps.slice(0, 3000) };
  const file = join(directory, "long.html");
  writeFileSync(file, exporterNamed("html").write({ trace: shown, result, file: "long.json" }));
  return { file, length: result.steps.length };
}

/** How quickly the page of a long trace opens, and steps through it. */
async function longTrace(browser: Browser, directory: string): Promise<void> {
  const { file, length } = await writeLongTrace(directory);
  const opens: number[] = [];
  const steps: number[] = [];
  const [openCpus, stepCpus]: [number[], number[]] = [[], []];
  for (let time = 0; time < 5; time++) {
    const page = await browser.newPage();
    const cpu = await cpuOf(page);
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector(".viewer .row");
    opens.push(
      (await page.evaluate(
        `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))`,
      )) as number,
    );
    openCpus.push(await cpu());
    const before = await cpu();
    steps.push(
      ...((await page.evaluate(`(async () => {
        const times = [];
        const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        for (const key of ["End", "ArrowUp", "ArrowUp", "Home", "ArrowDown", "ArrowDown", "PageDown", "PageDown"]) {
          const from = performance.now();
          press(key);
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          times.push(performance.now() - from);
        }
        return times;
      })()`)) as number[]),
    );
    stepCpus.push(((await cpu()) - before) / 8);
    await page.close();
  }
  console.log(`a trace of ${length} actions`);
  told("page, CPU of its thread: opened", openCpus);
  told("page, CPU of its thread: a key", stepCpus);
  told("page: opened and painted", opens);
  told("page: a key to the step, painted", steps);
}

const browser = executablePath ? await chromium.launch({ executablePath, args: ["--no-sandbox"] }) : null;
if (!browser) console.log("No Chromium is installed: only the server is measured.");
const directory = mkdtempSync(join(tmpdir(), "turncoat-bench-"));
try {
  for (const subject of subjects) {
    console.log(
      `pbft, n=${subject.replicas}, ${subject.byzantine.length} Byzantine, two requests, views 0-1`,
    );
    await serverTimes(subject);
    if (browser) await pageTimes(browser, subject);
  }
  if (browser) await longTrace(browser, directory);
} finally {
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
}
