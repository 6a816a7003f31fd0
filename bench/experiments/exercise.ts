// Measures what the Go exercise claims: the complexity of each phase, throughput with batches and pipelining,
// and its list of metrics.

import { bytes, decimals, grouped } from "../../src/report/numbers.js";
import { type Plot, sweepPlots } from "../../src/report/plots.js";
import { total } from "../../src/report/simulate.js";
import type { SimulationResult } from "../../src/simulate/result.js";
import { make, only, publish, table } from "./report.js";

/** The slope between two points on logarithmic axes: the exponent of growth. */
function exponent(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.log(b[1] / a[1]) / Math.log(b[0] / a[0]);
}

const growthHeads = [
  "n",
  "pre-prepare",
  "prepare",
  "commit",
  "reply",
  "all messages",
  "bytes",
  "view-change",
  "new-view",
  "their bytes",
  "latency, ms",
];

export async function growth(): Promise<void> {
  const made = await make("growth");
  const good = made.points.filter(({ labels }) => labels.adversary === undefined).map(only);
  const bad = made.points.filter(({ labels }) => labels.adversary !== undefined).map(only);
  const rows = good.map((run, index) => {
    const n = run.parameters.replicas;
    const other = bad[index]!;
    return [
      n,
      grouped(run.messages["pre-prepare"] ?? 0),
      grouped(run.messages.prepare ?? 0),
      grouped(run.messages.commit ?? 0),
      grouped(run.messages.reply ?? 0),
      grouped(total(run.messages)),
      bytes(total(run.bytes)),
      grouped(other.messages["view-change"] ?? 0),
      grouped(other.messages["new-view"] ?? 0),
      bytes((other.bytes["view-change"] ?? 0) + (other.bytes["new-view"] ?? 0)),
      decimals(run.latencyMs?.mean ?? 0),
    ];
  });
  const body = `${table(growthHeads, rows)}

${table(["phase", "exercise", "messages exactly", "measured exponent"], exponents(good, bad))}

Exponents are taken between the two largest n. Prepares are (n-1)², not the exercise's n(n-1): the primary does not prepare. Of a view
change the *messages* are of order n², and its *bytes* of order n², too, where nothing had prepared; each new-view carries a quorum of
view-changes, and each of those up to a quorum of votes for every slot in flight, so with slots in flight its signatures are of order
n³, as the exercise says. A request takes five message delays from client to client, not four; four with tentative execution.`;
  const plots = sweepPlots(made.points)
    .filter(({ name }) => name === "messages")
    .map(logarithmic);
  await publish(made, body, plots);
}

function exponents(good: readonly SimulationResult[], bad: readonly SimulationResult[]): string[][] {
  const slope = (runs: readonly SimulationResult[], figure: (run: SimulationResult) => number) => {
    const [a, b] = runs.slice(-2).map((run): [number, number] => [run.parameters.replicas, figure(run)]);
    return exponent(a!, b!).toFixed(2);
  };
  return [
    ["pre-prepare", "O(n)", "n-1", slope(good, ({ messages }) => messages["pre-prepare"]!)],
    ["prepare", "O(n²)", "(n-1)²", slope(good, ({ messages }) => messages.prepare!)],
    ["commit", "O(n²)", "n(n-1)", slope(good, ({ messages }) => messages.commit!)],
    ["reply", "O(n)", "n", slope(good, ({ messages }) => messages.reply!)],
    [
      "view change, messages",
      "O(n³)",
      "(n-1)² + n-1 with one silent primary",
      slope(bad, ({ messages }) => messages["view-change"]! + messages["new-view"]!),
    ],
    ["view change, bytes", "O(n³)", "-", slope(bad, ({ bytes: by }) => by["view-change"]! + by["new-view"]!)],
  ];
}

function logarithmic(plot: Plot): Plot {
  const spec = structuredClone(plot.spec) as unknown as {
    layer: { encoding: { [axis: string]: { scale?: object; axis?: object } } }[];
  };
  const { x, y } = spec.layer[0]!.encoding;
  x!.scale = { type: "log", domain: [4, 512], nice: false, padding: 10 };
  x!.axis = { values: [4, 8, 16, 32, 64, 128, 256, 512], format: "d" };
  y!.scale = { type: "log", domain: [10, 1e6], nice: false };
  y!.axis = { values: [10, 100, 1000, 10_000, 100_000, 1e6], format: "~s" };
  return { ...plot, spec: spec as unknown as Plot["spec"] };
}

const throughputHeads = [
  "pipeline",
  "batch",
  "requests/s",
  "mean latency, ms",
  "p95, ms",
  "messages a request",
  "bytes a request",
];

function throughputRow(run: SimulationResult): (string | number)[] {
  return [
    String(run.parameters.pipeline),
    run.parameters.batch,
    grouped(run.throughputPerSecond ?? 0),
    decimals(run.latencyMs?.mean ?? 0),
    decimals(run.latencyMs?.p95 ?? 0),
    decimals(Math.round((100 * total(run.messages)) / run.requests) / 100),
    grouped(total(run.bytes) / run.requests),
  ];
}

export async function throughput(): Promise<void> {
  const made = await make("throughput");
  const runs = made.points.map(only);
  const [slowest, fastest] = [...runs]
    .sort((a, b) => (a.throughputPerSecond ?? 0) - (b.throughputPerSecond ?? 0))
    .flatMap((run, index, all) => (index === 0 || index === all.length - 1 ? [run] : []));
  const heads = [
    "the exercise's metric",
    `batch ${slowest!.parameters.batch}, pipeline ${slowest!.parameters.pipeline}`,
    `batch ${fastest!.parameters.batch}, pipeline ${fastest!.parameters.pipeline}`,
  ];
  const body = `${table(throughputHeads, runs.map(throughputRow))}

A batch forms only while something holds the primary back: with 256 slots open nothing does, every request gets a slot of its own at once,
and the batch size makes no difference. (TOCS'02, 5.1.4, limits the slots in flight for this very reason.)

${table(heads, metrics(slowest!, fastest!))}`;
  await publish(
    made,
    body,
    sweepPlots(made.points).filter(({ name }) => ["throughput", "latency"].includes(name)),
  );
}

function metrics(...runs: readonly SimulationResult[]): string[][] {
  const row = (name: string, figure: (run: SimulationResult) => string) => [name, ...runs.map(figure)];
  return [
    row("ConsensusLatency (p50, p95, p99), ms", ({ latencyMs: l }) =>
      l ? `${l.p50}, ${l.p95}, ${l.p99}` : "-",
    ),
    row("Throughput, operations/s", (run) => grouped(run.throughputPerSecond ?? 0)),
    row("MessageRate, messages/s", (run) => grouped(total(run.messages) / run.virtualSeconds)),
    row("ViewChanges", (run) => String(run.viewChanges)),
    row("CommittedOps", (run) => grouped(run.succeeded)),
    row("FailedOps", (run) => grouped(run.requests - run.succeeded)),
    row("ActiveConnections (each node with each replica)", ({ parameters: { replicas, clients } }) =>
      grouped((replicas * (replicas - 1)) / 2 + replicas * clients),
    ),
    row("CPUUsage of the replicas", (run) => `${(100 * run.processorUse).toFixed(0)} %`),
    row("NetworkBandwidth", (run) => `${bytes(total(run.bytes) / run.virtualSeconds)}/s`),
    row("MemoryUsage", () => "with --timing"),
  ];
}

export async function wan(): Promise<void> {
  const made = await make("wan");
  const heads = ["delays", "n", "p50, ms", "p95, ms", "max, ms", "requests/s"];
  const rows = made.points.map((point) => {
    const { latencyMs: latency, throughputPerSecond } = only(point);
    return [
      String(point.labels.delay),
      String(point.labels.replicas),
      decimals(latency?.p50 ?? 0),
      decimals(latency?.p95 ?? 0),
      decimals(latency?.max ?? 0),
      decimals(throughputPerSecond ?? 0),
    ];
  });
  const body = `${table(heads, rows)}

More replicas can be faster: what counts is how far the quorum's furthest member is, and with 13 replicas in 10 regions, quorums
fit into regions that are closer together.`;
  await publish(
    made,
    body,
    sweepPlots(made.points).filter(({ name }) => name === "latency"),
  );
}
