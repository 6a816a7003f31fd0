// Pages: whole, well formed, without anything from elsewhere, and with a picture that shows every action.

import test from "ava";
import { validateXML } from "xmllint-wasm";
import { exporterNamed } from "../../src/export/index.js";
import { diagramOf } from "../../src/render/diagram.js";
import { sequenceSvg } from "../../src/render/sequence-svg.js";
import { campaignHtml } from "../../src/report/campaign-html.js";
import { runPage } from "../../src/report/run-page.js";
import type { CommandReport } from "../../src/report/run-report.js";
import { checkReport } from "../../src/report/search-reports.js";
import { pageAsset } from "../../src/viewer/asset.js";
import { kinds, traceNamed } from "../export/traces.js";
import { admitted, hashesOf, withoutViewer } from "../support/page.js";
import { run } from "./fixtures.js";

/** Nothing that a browser would fetch, run or follow out of the page. */
const elsewhere = /https?:|\bsrc=|url\(|@import|<script|<link|<iframe|href="(?!#)/;

async function isWellFormed(xml: string): Promise<readonly string[]> {
  const anything = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="svg"/></xs:schema>`;
  const { errors } = await validateXML({
    xml: [{ fileName: "picture.svg", contents: xml }],
    schema: [anything],
  });
  return errors.map(({ message }) => message);
}

const count = (text: string, part: string) => text.split(part).length - 1;

for (const [name, , , make] of kinds)
  test(`the picture of "${name}" is well formed and has a mark and words for each action`, async (t) => {
    const { result } = await make();
    const diagram = diagramOf(result);
    const svg = sequenceSvg(diagram);
    t.deepEqual(await isWellFormed(svg), []);
    const messages = result.steps.filter(({ action }) => "message" in action).length;
    t.is(count(svg, '<line class="arrow'), messages);
    t.is(count(svg, "<circle "), result.steps.length - messages);
    t.is(count(svg, '<line class="life"'), diagram.lanes.length);
    const numbers = [...svg.matchAll(/<text class="said[^>]*>(\d+) /g)].map(([, number]) => Number(number));
    t.deepEqual(
      numbers,
      result.steps.map((_, index) => index + 1),
    );
    t.notRegex(svg, /NaN|undefined/);
  });

test("what Byzantine nodes do is drawn differently, and a loss has no tip", async (t) => {
  const lying = sequenceSvg(diagramOf((await traceNamed("two requests at one slot")).result));
  t.is(count(lying, "arrow bad dashed"), 4);
  t.is(count(lying, 'class="event bad"'), 1);
  const honest = sequenceSvg(diagramOf((await traceNamed("a client that waits")).result));
  t.is(count(honest, "dashed"), 0);
  const lost = sequenceSvg(diagramOf((await traceNamed("a loss")).result));
  t.is(count(lost, 'class="tip'), 0);
  t.is(count(lost, "m0 -10l-10 10"), 1);
});

test("the section of a campaign shows who has made it, and draws what happened when", async (t) => {
  const coverage = (chance: number) => ({
    ...{ unseenAtLeast: 12, atMost: { share: 0.72, high: 0.8 }, nextRun: { low: chance, high: chance } },
    seen: { estimate: 0.5, low: 0.4, high: 0.72 },
  });
  const history = {
    workers: [{ name: "<b>far", blocks: 3, runs: 15_000, events: 120_000 }],
    minutes: [
      { atMs: 0, blocks: 1, runs: 5000, events: 60_000 },
      { atMs: 120_000, blocks: 2, runs: 10_000, events: 120_000 },
    ],
    seen: [
      { part: 0, atMs: 60_000, runs: 5000, coverage: coverage(0.5) },
      { part: 0, atMs: 120_000, runs: 15_000, coverage: coverage(0.25) },
    ],
  };
  const html = campaignHtml({ name: "night", isOfSearches: false, history, parts: ["pbft"] });
  t.deepEqual(await isWellFormed(`<svg>${html}</svg>`), []);
  t.true(html.includes("&lt;b&gt;far</td><td>3</td><td>15,000</td><td>120,000</td>"));
  t.true(html.includes('<polyline points="0.0,60.0 640.0,0.0"'), "twice as fast at last");
  t.true(html.includes('<polyline points="0.0,0.0 640.0,60.0"'), "half the chance at last");
  t.true(
    html.includes(
      "After 15,000 merged runs: at most 72 % of the states that such runs can reach were seen (at least 12",
    ),
  );
});

test("a loop is framed", async (t) => {
  t.is(count(sequenceSvg(diagramOf((await traceNamed("a circle")).result)), '<rect class="loop"'), 1);
  t.is(count(sequenceSvg(diagramOf((await traceNamed("a crash")).result)), '<rect class="loop"'), 0);
});

test("words that are too long for a line go on in the next, and none is lost", async (t) => {
  const { result } = await traceNamed("a new view without reason");
  const diagram = diagramOf(result);
  const long = `a ${"word ".repeat(60)}end`;
  const rows = [{ ...diagram.rows[0]!, text: long }];
  const svg = sequenceSvg({ ...diagram, rows, loopFrom: null });
  const said = [...svg.matchAll(/<text class="said"[^>]*>([^<]*)</g)].map(([, text]) => text!);
  t.is(said.length, 4);
  t.is(said.join(" ").replaceAll(/\s+/g, " "), `1 ${long}`);
  for (const line of said) t.true(line.length <= 104);
});

test("the page of a trace has nothing from elsewhere", async (t) => {
  const text = exporterNamed("html").write(await traceNamed("a loss"));
  t.notRegex(withoutViewer(text), elsewhere);
  t.true(text.includes("eventually-once is violated after 1 action: "));
});

test("the page of a check has verdicts, bounds, witnesses and counterexamples", async (t) => {
  const { result, file } = await traceNamed("two requests at one slot");
  const surroundings = { suite: "mine & yours", traces: [{ file, result }], allowInconclusive: false };
  const agreement = { name: "agreement", kind: "always", comparisons: 4 } as const;
  const violated = run({
    verdict: "violated",
    properties: [{ ...agreement, verdict: "violated", reason: "they differ" }],
  });
  const held = run({ properties: [{ ...agreement, verdict: "holds", reason: null }] }, "violated");
  const report: CommandReport = {
    command: "check",
    commandLine: "turncoat check <mine>",
    verdict: "violated",
    seed: null,
    seconds: 1,
    runs: [checkReport(violated, surroundings), checkReport(held, { ...surroundings, traces: [] })],
    notBegun: 2,
  };
  const page = runPage(report);
  t.notRegex(withoutViewer(page), elsewhere);
  t.true(page.includes("<title>turncoat check: violated</title>"));
  t.true(page.includes("<code>turncoat check &lt;mine&gt;</code>"));
  t.true(page.includes("<h2>mine &amp; yours</h2>"));
  t.true(page.includes("Interrupted: runs not begun: 2."));
  t.true(page.includes('<td class="label violated">violated</td>'));
  t.true(page.includes('<td class="label violated">holds (expected: violated)</td>'));
  t.true(
    page.includes(
      "Bounds: n=4, f=1, async network, 2 requests, 1 slot, no client nodes; views 0..1; Byzantine: r0 (arbitrary).",
    ),
  );
  t.true(page.includes('<td class="label">executions by correct replicas</td><td class="name">5</td>'));
  t.is(count(page, "<svg "), 1);
  t.is(count(page, "<details "), 2);
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) t.is(count(page, `id="${target}"`), 1);
});

test("a page's policy admits its own style sheets and script, and nothing else", async (t) => {
  const page = exporterNamed("html").write(await traceNamed("a loss"));
  t.deepEqual(admitted(page, "style-src"), hashesOf(page, /<style[^>]*>/g, "</style>"));
  t.deepEqual(admitted(page, "script-src"), hashesOf(page, /<script>/g, "</script>"));
  t.is(admitted(page, "style-src").length, 2);
  t.true(page.includes("default-src 'none'"));
  t.false(page.includes("unsafe"));
  t.notRegex(withoutViewer(page), / style="| on[a-z]+="/);
});

test("what messages say cannot end the element in which the data stand", async (t) => {
  const { trace, result, file } = await traceNamed("a loss");
  const hostile = "</script><script>alert(1)</script><!--";
  const page = exporterNamed("html").write({
    trace,
    result: { ...result, explanation: hostile } as typeof result,
    file,
  });
  t.is(count(page, "<script"), 2);
  t.notRegex(withoutViewer(page), /<script|<!--/);
});

test("the viewer is under 400 kB beside the data", (t) => {
  const { script, style } = pageAsset();
  t.true(script.length + style.length < 400_000);
});
