// The metrics of a node for Prometheus: what it counts, how long its disk takes, where it stands. They are read over HTTP, on a port of
// their own, at /metrics.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { UserError } from "../model/errors.js";
import type { NodeService } from "./service.js";

/** The bounds of histograms, in seconds: from a fast disk to a view change. */
const buckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** All metrics of a node. */
export function metricsOf(service: NodeService): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const { counters, driver } = service;
  const count = (name: string, help: string, value: () => number) => counted(register, name, help, value);
  const gauge = (name: string, help: string, value: () => number) => gauged(register, name, help, value);
  const time = (name: string, help: string) => new Histogram({ name, help, buckets, registers: [register] });
  count(
    "turncoat_messages_accepted_total",
    "Messages that reached the step function.",
    () => counters.accepted,
  );
  count("turncoat_sent_bytes_total", "Bytes of the messages sent.", () => counters.sentBytes);
  count("turncoat_executed_total", "Requests executed.", () => counters.executed);
  labelled(
    register,
    "turncoat_messages_sent_total",
    "Messages sent, by type.",
    "type",
    () => counters.byType,
  );
  labelled(
    register,
    "turncoat_messages_dropped_total",
    "Not taken or not sent.",
    "reason",
    () => counters.dropped,
  );
  gauge("turncoat_view", "The view that the node is in.", () => driver.view ?? 0);
  gauge("turncoat_outbox_messages", "Messages that wait for the disk.", () => driver.waiting);
  gauge("turncoat_waiting_bytes", "Bytes that wait for other nodes.", () => service.waitingBytes);
  const syncs = time("turncoat_log_sync_seconds", "How long syncs of the log take.");
  const steps = time("turncoat_step_seconds", "How long inputs take, with their record.");
  counters.onSync = (seconds) => syncs.observe(seconds);
  counters.onStep = (seconds) => steps.observe(seconds);
  return register;
}

/** A counter that is asked for its value when it is read. */
export function counted(register: Registry, name: string, help: string, value: () => number): void {
  new Counter({
    ...{ name, help, registers: [register] },
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}

function labelled(
  register: Registry,
  name: string,
  help: string,
  label: string,
  values: () => { readonly [label: string]: number },
): void {
  new Counter({
    ...{ name, help, registers: [register], labelNames: [label] },
    collect() {
      this.reset();
      for (const [of, value] of Object.entries(values())) this.inc({ [label]: of }, value);
    },
  });
}

/** A gauge that is asked for its value when it is read. */
export function gauged(register: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    ...{ name, help, registers: [register] },
    collect() {
      this.set(value());
    },
  });
}

/** Where metrics are read. */
export interface MetricsAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Serves the metrics of a node; the server, which listens. @throws {UserError} if the address is taken. */
export function serveMetrics(service: NodeService, address: MetricsAddress): Promise<Server> {
  return serveRegister(metricsOf(service), address);
}

/** Serves metrics; the server, which listens. @throws {UserError} if the address is taken. */
export async function serveRegister(register: Registry, { host, port }: MetricsAddress): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end("There is /metrics.\n");
      return;
    }
    register.metrics().then(
      (text) => response.writeHead(200, { "content-type": register.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.unref(); // a node that stops does not wait for those who look
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new UserError("bad-option", `${host}:${port} cannot be listened on for metrics: ${error.message}`),
      ),
    );
    server.listen({ host, port }, resolve);
  });
  return server;
}

/** The port of a server that listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
