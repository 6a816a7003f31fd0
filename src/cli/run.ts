// `turncoat run`: one node of a cluster, or with `--local` a whole cluster on this machine.

import { createReadStream, statSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { type Logger, pino } from "pino";
import { UserError } from "../model/errors.js";
import { LoadedClient } from "../run/client.js";
import { type NodeSettings, readNode } from "../run/cluster.js";
import type { MetricsAddress } from "../run/metrics.js";
import type { ClusterOptions } from "../run/plan.js";
import { NodeService } from "../run/service.js";
import { latencyMs } from "../simulate/percentiles.js";
import { clusterOptionsIn, withClusterOptions } from "./cluster-options.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { integer, positive } from "./options.js";
import { type LocalRunOptions, runLocally, usualRequests } from "./run-local.js";

interface RunCommandOptions
  extends Omit<ClusterOptions, "protocol" | "replicas" | "requests">,
    LocalRunOptions {
  readonly metrics?: MetricsAddress;
  readonly local?: number;
  readonly withParent?: boolean;
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
    .optionsGroup("A cluster on this machine:")
    .option(
      "--local <n>",
      "run so many replicas as processes of this machine, and clients that ask them for something",
      integer(1),
    )
    .option("--dir <directory>", "where keys, logs and records are kept (default: a new one in turncoat-run)")
    .option("--max-seconds <s>", "how long it may take (default: no limit)", positive)
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
    const { withParent = false, requests = usualRequests, metrics } = options;
    const stopped = stopSignal(withParent);
    if (settings.member.role === "client") return await runClient(settings, log, stopped, requests);
    return await runReplica(settings, log, stopped, metrics);
  } catch (error) {
    log.fatal({ err: error }, "failed");
    throw error;
  }
}

/** How often a node looks at its progress, in milliseconds. */
const lookMs = 200;

async function runReplica(
  settings: NodeSettings,
  log: Logger,
  stopped: Promise<null>,
  metrics: MetricsAddress | undefined,
): Promise<number> {
  const failure = failureSignal();
  const service = new NodeService(settings, { fail: failure.fail });
  const recovered = await service.start();
  if (metrics !== undefined) await (await import("../run/metrics.js")).serveMetrics(service, metrics);
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
  const failed = await Promise.race([stopped, failure.failed]);
  clearInterval(watch);
  await service.stop();
  if (failed) throw failed.error;
  look();
  log.info({ view: service.driver.view, counters: service.counters.snapshot() }, "stopped");
  return exitCode.holds;
}

async function runClient(
  settings: NodeSettings,
  log: Logger,
  stopped: Promise<null>,
  requests: number,
): Promise<number> {
  const client = new LoadedClient(settings, requests);
  await client.start();
  const { host, port } = settings.member;
  log.info({ host, port, requests, protocol: settings.cluster.file.protocol }, "listening");
  const isServed = await Promise.race([client.done.then(() => true), stopped]);
  await client.stop();
  const { latencies, counters } = client;
  log.info({ served: latencies.length, latencyMs: latencyMs(latencies), counters }, "stopped");
  return isServed ? exitCode.holds : exitCode.interrupted;
}

function metricsAddress(text: string): MetricsAddress {
  const [, host = "127.0.0.1", port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new InvalidArgumentError("Use a port, or host:port, as in 9464 or 0.0.0.0:9464.");
  return { host, port: Number(port) };
}

/** Ends when the user wants an end; or, `withParent`, when standard input ends. */
function stopSignal(withParent: boolean): Promise<null> {
  const signal = onInterrupt();
  return new Promise((resolve) => {
    const stop = () => resolve(null);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    if (withParent) createReadStream("", { fd: 0 }).on("close", stop).resume();
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
