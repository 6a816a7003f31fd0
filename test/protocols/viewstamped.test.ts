// Viewstamped Replication with five replicas, more than a search gets through: a run in which the answer that helps a replica to recover is
// from before a crash of who gave it.

import test from "ava";
import { nodesOf } from "../../src/model/setting.js";
import type { Config, Json, NodeId, Protocol, Start, Step } from "../../src/protocol/index.js";
import { viewstamped } from "../../src/protocols/viewstamped/protocol.js";
import { viewstampedRules } from "../../src/protocols/viewstamped/rules.js";

const config: Config = {
  replicas: 5,
  faults: 2,
  requests: 2,
  slots: 1,
  clients: false,
  set: { impatient: 0 },
};

interface Sent {
  readonly from: NodeId;
  readonly to: NodeId | null;
  readonly message: Json & { readonly tag: string };
}

/** Replicas that are told what happens to them. What they send is delivered when they are told so. */
class Cluster {
  readonly executed: string[] = [];
  readonly #nodes;
  readonly #states = new Map<NodeId, Json>();
  readonly #sent: Sent[] = [];

  constructor(protocol: Protocol<Json, Json>) {
    this.#nodes = new Map(nodesOf(protocol, config).map((spec) => [spec.id, spec]));
    for (const id of this.#nodes.keys()) this.#begin(id, { kind: "start" });
  }

  crash(id: NodeId): void {
    const stable = this.#nodes.get(id)!.behaviour.stable(this.#states.get(id)!);
    this.#begin(id, { kind: "restart", stable } as Start<Json>);
  }

  suspects(id: NodeId): void {
    this.#step(id, { kind: "timer", timer: "view" });
  }

  asks(id: NodeId, value: string): void {
    this.#step(id, { kind: "timer", timer: "client" }, value);
  }

  /** Delivers the last message of this kind from each of these to `to`. */
  deliver(to: NodeId, tag: string, ...from: readonly NodeId[]): void {
    for (const sender of from) {
      const isIt = (sent: Sent) =>
        sent.from === sender && sent.message.tag === tag && (sent.to === to || sent.to === null);
      const { message } = this.#sent.findLast(isIt)!;
      this.#step(to, { kind: "message", from: sender, message });
    }
  }

  /** A replica comes back, and these help. */
  recovers(id: NodeId, ...helpers: readonly NodeId[]): void {
    this.crash(id);
    for (const helper of helpers) this.deliver(helper, "recovery", id);
    this.deliver(id, "recovery-response", ...helpers);
  }

  statusOf(id: NodeId): string {
    return (this.#states.get(id) as { readonly status: string }).status;
  }

  #begin(id: NodeId, from: Start<Json>): void {
    this.#take(id, this.#nodes.get(id)!.behaviour.init({ self: id, config }, from));
  }

  #step(id: NodeId, input: object, label?: string): void {
    const { behaviour } = this.#nodes.get(id)!;
    this.#take(id, behaviour.step({ self: id, config }, this.#states.get(id)!, input as never), label);
  }

  #take(id: NodeId, outcomes: readonly Step<Json, Json>[], label?: string): void {
    const { state, effects, events } = outcomes.find((one) => label === undefined || one.label === label)!;
    this.#states.set(id, state);
    for (const effect of effects)
      if (effect.kind === "send" || effect.kind === "broadcast")
        this.#sent.push({
          from: id,
          to: effect.kind === "send" ? effect.to : null,
          message: effect.message as Sent["message"],
        });
    for (const event of events) if (event.kind === "executed") this.executed.push(`${id}: ${event.request}`);
  }
}

/** Never are more than two down or recovering. r4 has promised view 1, and forgets it. */
function withOldAnswer(rules = viewstampedRules): Cluster {
  const cluster = new Cluster(viewstamped(rules) as unknown as Protocol<Json, Json>);
  for (const id of ["r2", "r3"]) {
    cluster.suspects(id);
    cluster.recovers(id, ...["r0", "r1", "r2", "r3"].filter((other) => other !== id).slice(0, 3));
  }
  cluster.deliver("r4", "start-view-change", "r2", "r3"); // it tells r1 what it has
  cluster.crash("r4");
  cluster.deliver("r2", "recovery", "r4");
  cluster.recovers("r2", "r0", "r1", "r3"); // of whom none knows of r4's crash: r2 has forgotten it
  for (const helper of ["r0", "r3"]) cluster.deliver(helper, "recovery", "r4");
  return cluster;
}

test("an answer to a recovery from before a crash of who gave it does not count beside those that know of the crash", (t) => {
  for (const order of [
    ["r2", "r0", "r3"],
    ["r0", "r3", "r2"],
  ]) {
    const cluster = withOldAnswer();
    cluster.deliver("r4", "recovery-response", ...order);
    t.is(cluster.statusOf("r4"), "recovering");
    cluster.deliver("r1", "recovery", "r4"); // so r1 knows that what r4 has told it is old
    cluster.deliver("r4", "recovery-response", "r1");
    t.is(cluster.statusOf("r4"), "normal");
  }
});

test("where it counts, as published, two replicas execute different requests at one place", (t) => {
  const cluster = withOldAnswer({ ...viewstampedRules, isOutdated: () => false });
  cluster.deliver("r4", "recovery-response", "r2", "r0", "r3");
  t.is(cluster.statusOf("r4"), "normal");
  cluster.asks("r0", "A");
  for (const backup of ["r3", "r4"]) {
    cluster.deliver(backup, "prepare", "r0");
    cluster.deliver("r0", "prepare-ok", backup);
  }
  cluster.suspects("r1");
  cluster.deliver("r2", "start-view-change", "r1", "r3");
  cluster.deliver("r1", "start-view-change", "r2", "r3");
  cluster.deliver("r1", "do-view-change", "r4", "r2");
  cluster.asks("r1", "B");
  for (const backup of ["r2", "r3"]) {
    cluster.deliver(backup, "start-view", "r1");
    cluster.deliver(backup, "prepare", "r1");
    cluster.deliver("r1", "prepare-ok", backup);
  }
  t.deepEqual(cluster.executed, ["r0: A", "r1: B"]);
});
