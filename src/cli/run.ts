// `turncoat run`: one node of a cluster, or with `--local` a whole cluster on this machine.

import { randomInt } from "node:crypto";
import { statSync } from "node:fs";
import type { Command } from "commander";
import { type Logger, pino } from "pino";
import { findProtocol } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { LoadedClient } from "../run/client.js";
import { type NodeSettings, readNode } from "../run/cluster.js";
import { commands, type MachineFault } from "../run/commands.js";
import type { MetricsAddress } from "../run/metrics.js";
import { faultKinds } from "../run/nemesis/plan.js";
import type { ClusterOptions } from "../run/plan.js";
import { NodeService } from "../run/service.js";
import { latencyMs } from "../simulate/percentiles.js";
import { clusterOptionsIn, withClusterOptions } from "./cluster-options.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { duration, integer, metricsAddress } from "./options.js";
import { type LocalRunOptions, runLocally, usualRequests } from "./run-local.js";

interface RunCommandOptions
  extends Omit<ClusterOptions, "protocol" | "replicas" | "requests">,
    LocalRunOptions {
  readonly metrics?: MetricsAddress;
  readonly local?: number;
  readonly withParent?: boolean;
  readonly adversary?: string;
}

export function addRun(command: Command): void {
  withRunOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  turncoat run pbft --local 4 --requests 100   four replicas and a client\n  turncoat run cluster/r0.json                 one node; see turncoat keys",
    )
    .action(async (what: string | undefined, options: RunCommandOptions) => {
      const { local, metrics } = options;
      if (local !== undefined && metrics !== undefined)
        throw new UserError(
          "bad-option",
          "--metrics is of one node, and --local runs several: leave out one of them.",
        );
      const asked = { protocol: what ?? "pbft", ...clusterOptionsIn(options) };
      process.exitCode =
        local === undefined
          ? await runNode(what, options)
          : await runLocally({ ...asked, replicas: local }, options);
    });
}

function withRunOptions(command: Command): Command {
  command
    .argument(
      "[node file or protocol]",
      "a node's file, as turncoat keys writes it; with --local a protocol (default: pbft)",
    )
    .optionsGroup("One node:")
    .option(
      "--metrics <address>",
      "serve metrics for Prometheus at /metrics: a port of this machine, or host:port (default: none)",
      metricsAddress,
    )
    .option(
      "--requests <r>",
      `requests of a client, one after the other (default: ${usualRequests}); without clients all that there are (default: 1)`,
      integer(1),
    )
    .option(
      "--adversary <name>",
      "run the node as a Byzantine one: lying-voter, twin, mutator, ... (default: it is correct)",
    )
    .optionsGroup("A cluster on this machine:")
    .option(
      "--local <n>",
      "run so many replicas as processes of this machine, and clients that ask them for something",
      integer(1),
    )
    .option("--dir <directory>", "where keys, logs and records are kept (default: a new one in turncoat-run)")
    .option(
      "--nemesis <file or names>",
      `what goes wrong meanwhile: a file, or names: ${Object.keys(faultKinds).join(", ")}; lying-voter, r3=twin and other Byzantine replicas (default: nothing)`,
    )
    .option("--max-seconds <s>", "how long it may take (default: no limit)", duration)
    .option("--json", "one JSON document on standard output")
    .addOption(command.createOption("--with-parent", "stop when standard input ends").hideHelp());
  return withClusterOptions(command, ["replicas", "requests"]);
}

/** Runs one node until it is told to stop, or a client until it is served. Its log is JSON on standard output. */
async function runNode(file: string | undefined, options: RunCommandOptions): Promise<number> {
  if (file === undefined || statSync(file, { throwIfNoEntry: false }) === undefined)
    throw new UserError(
      "bad-option",
      `${file === undefined ? "Name a node's file, as turncoat keys writes it" : `There is no file ${file}`}; or run a whole cluster: turncoat run pbft --local 4`,
    );
  const settings = await readNode(file);
  const log = pino({ base: { node: settings.member.id } }, { write: (line) => process.stdout.write(line) });
  try {
    const { withParent = false, requests = usualRequests, metrics, adversary } = options;
    let suffer = (_: MachineFault) => {};
    const stopped = stopSignal(withParent, (fault) => suffer(fault));
    if (adversary !== undefined) return await runByzantine(settings, log, stopped, adversary);
    if (settings.member.role === "client") return await runClient(settings, log, stopped, requests);
    const failure = failureSignal();
    const service = new NodeService(settings, { fail: failure.fail });
    suffer = (fault) => ("clockMs" in fault ? service.jumpClock(fault.clockMs) : service.fillDisk());
    return await runReplica({ settings, service, failed: failure.failed, log, stopped, metrics });
  } catch (error) {
    log.fatal({ err: error }, "failed");
    throw error;
  }
}

/** How often a node looks at its progress, in milliseconds. */
const lookMs = 200;

/** A replica that is to run. */
interface RunningReplica {
  readonly settings: NodeSettings;
  readonly service: NodeService;
  /** Ends with the error with which it fails. */
  readonly failed: Promise<{ readonly error: unknown }>;
  readonly log: Logger;
  readonly stopped: Promise<null>;
  readonly metrics: MetricsAddress | undefined;
}

async function runReplica({ settings, service, log, metrics, ...ends }: RunningReplica): Promise<number> {
  const recovered = await service.start();
  if (metrics !== undefined)
    try {
      await (await import("../run/metrics.js")).serveMetrics(service, metrics);
    } catch (error) {
      await service.stop();
      throw error;
    }
  const { host, port } = settings.member;
  log.info({ host, port, recovered, protocol: settings.cluster.file.protocol }, "listening");
  let before = "";
  const look = () => {
    const now = { view: service.driver.view, executed: service.counters.executed };
    if (JSON.stringify(now) !== before) log.info(now, "progress");
    before = JSON.stringify(now);
  };
  look();
  const watch = setInterval(look, lookMs);
  const failed = await Promise.race([ends.stopped, ends.failed]);
  clearInterval(watch);
  await service.stop();
  if (failed) throw failed.error;
  look();
  log.info({ view: service.driver.view, counters: service.counters.snapshot() }, "stopped");
  return exitCode.holds;
}

/** Runs a node as a Byzantine one, with its own keys and no others. */
async function runByzantine(
  settings: NodeSettings,
  log: Logger,
  stopped: Promise<null>,
  adversary: string,
): Promise<number> {
  const { cluster, member } = settings;
  const seed = randomInt(2 ** 31);
  const [{ wireFaults }, { ByzantineService }, entry] = await Promise.all([
    import("../run/byzantine/kinds.js"),
    import("../run/byzantine/service.js"),
    findProtocol(cluster.file.protocol),
  ]);
  const service = new ByzantineService(settings, wireFaults(adversary, entry, settings, seed), seed);
  await service.start();
  const { host, port } = member;
  log.info({ host, port, adversary, seed, protocol: cluster.file.protocol }, "listening");
  await stopped;
  await service.stop();
  log.info({ counters: service.counters.snapshot() }, "stopped");
  return exitCode.holds;
}

async function runClient(
  settings: NodeSettings,
  log: Logger,
  stopped: Promise<null>,
  requests: number,
): Promise<number> {
  const client = new LoadedClient(settings, { requests });
  await client.start();
  const { host, port } = settings.member;
  log.info({ host, port, requests, protocol: settings.cluster.file.protocol }, "listening");
  const isServed = await Promise.race([client.done.then(() => true), stopped]);
  await client.stop();
  const { latencies, counters } = client;
  log.info({ served: latencies.length, latencyMs: latencyMs(latencies), counters }, "stopped");
  return isServed ? exitCode.holds : exitCode.interrupted;
}

/** Ends when the user wants an end; or, `withParent`, when standard input ends, on which the parent tells of faults. */
function stopSignal(withParent: boolean, hear: (fault: MachineFault) => void): Promise<null> {
  const signal = onInterrupt();
  return new Promise((resolve) => {
    const stop = () => resolve(null);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    if (withParent) void commands(hear).then(stop);
  });
}

/** Ends with the error with which a node fails. */
function failureSignal() {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<{ readonly error: unknown }>((resolve) => {
    fail = (error) => resolve({ error });
  });
  return { failed, fail };
}
