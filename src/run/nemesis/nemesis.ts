// Carries out a nemesis: one fault after another, with a pause between two, until it is told to end. A fault that has begun is ended first.

import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../model/errors.js";
import type { NodeId } from "../../protocol/index.js";
import type { ReplicaProcess } from "../replica-process.js";
import type { FaultKind, NemesisPlan } from "./plan.js";
import type { LinkFault, NetworkProxy } from "./proxy.js";

/** By how much a clock jumps, in milliseconds. */
const jumpMs = 60_000;

const delayed: LinkFault = { delayMs: 50, jitterMs: 100 };
const lossy: LinkFault = { loss: 0.02 };
const held: LinkFault = { isHeld: true };

/** A cluster to be disturbed. */
export interface Victims {
  readonly replicas: readonly ReplicaProcess[];
  readonly proxy: NetworkProxy;
  /** Called when a fault begins and when it has ended. */
  readonly tell: (what: string) => void;
}

/** See the file comment. */
export class Nemesis {
  readonly #plan: NemesisPlan;
  readonly #victims: Victims;
  /** How often each fault has happened. */
  readonly happened: { [fault in FaultKind]?: number } = {};
  readonly #end = new AbortController();

  constructor(plan: NemesisPlan, victims: Victims) {
    this.#plan = plan;
    this.#victims = victims;
  }

  /** Disturbs until {@link end}. */
  async run(): Promise<void> {
    const { faults, calmSeconds, times } = this.#plan;
    if (faults.length === 0) return;
    for (let round = 0; !this.#isOver && round < times; round++) {
      // Longer and longer: a protocol whose timeouts have doubled needs more time, and faults that never let up would prove nothing.
      await this.#pause(calmSeconds * (1 + Math.floor(round / 4)));
      const { fault, nodes, seconds } = faults[round % faults.length]!;
      if (this.#isOver) break;
      const victims = this.#victimsOf(fault, nodes);
      const names = victims.map(({ node }) => node);
      this.#victims.tell(`${fault} ${names.join(", ")}`);
      await this.#suffer(fault, victims, names, seconds);
      this.happened[fault] = (this.happened[fault] ?? 0) + 1;
      this.#victims.tell(`${fault} has ended`);
    }
  }

  /** No other fault begins, and the one that there is ends. */
  end(): void {
    this.#end.abort();
  }

  get #isOver(): boolean {
    return this.#end.signal.aborted;
  }

  async #pause(seconds: number): Promise<void> {
    await pause(seconds * 1000, null, { signal: this.#end.signal }).catch(() => {});
  }

  /** The named ones, or some that are drawn of the correct ones. */
  #victimsOf(fault: FaultKind, nodes: readonly NodeId[] | undefined): readonly ReplicaProcess[] {
    const { replicas } = this.#victims;
    if (nodes !== undefined) return replicas.filter(({ node }) => nodes.includes(node));
    const correct = replicas.filter(({ node }) => this.#plan.byzantine[node] === undefined);
    const shuffled = [
      ...(fault === "partition" || fault === "delay" || fault === "loss" ? replicas : correct),
    ];
    shuffled.sort(() => Math.random() - 0.5);
    switch (fault) {
      case "kill-all":
        return correct;
      case "delay":
      case "loss":
        return replicas;
      case "partition":
        return shuffled.slice(0, Math.floor(replicas.length / 2));
      default:
        return shuffled.slice(0, 1);
    }
  }

  async #suffer(
    fault: FaultKind,
    victims: readonly ReplicaProcess[],
    names: readonly NodeId[],
    seconds: number,
  ): Promise<void> {
    switch (fault) {
      case "kill":
      case "kill-all":
        await Promise.all(victims.map((one) => one.kill()));
        await this.#pause(seconds);
        await Promise.all(victims.map((one) => one.beginAgain()));
        return;
      case "stop":
        for (const one of victims) one.signal("SIGSTOP");
        await this.#pause(seconds);
        for (const one of victims) one.signal("SIGCONT");
        return;
      case "clock":
        for (const one of victims) one.suffer({ clockMs: jumpMs });
        await this.#pause(seconds);
        for (const one of victims) one.suffer({ clockMs: -jumpMs });
        return;
      case "full-disk":
        return await this.#fillDisks(victims, seconds);
      default:
        this.#sufferLinks(fault, names, true);
        await this.#pause(seconds);
        this.#sufferLinks(fault, names, false);
    }
  }

  /** Each has to end with the reason, not go on; it begins again when there is space. */
  async #fillDisks(victims: readonly ReplicaProcess[], seconds: number): Promise<void> {
    for (const one of victims) {
      const ended = one.endsByItself();
      one.suffer({ disk: "full" });
      const said = await Promise.race([ended, pause(60_000, null, { ref: false })]);
      if (said === null)
        await one.kill(); // it had nothing to write: nobody has asked it for anything
      else if (!/could not be written: .*ENOSPC|no space/i.test(said))
        throw new UserError(
          "bad-file",
          `${one.node} had no space for its log, and has ended otherwise: ${said}`,
        );
    }
    await this.#pause(seconds);
    await Promise.all(victims.map((one) => one.beginAgain()));
  }

  /** Faults of the network concern links between replicas; clients reach everybody. */
  #sufferLinks(fault: FaultKind, names: readonly NodeId[], begins: boolean): void {
    const { replicas, proxy } = this.#victims;
    const isHit = (from: NodeId, to: NodeId) => {
      if (fault === "partition") return names.includes(from) !== names.includes(to);
      return names.includes(from) || (fault !== "one-way" && names.includes(to));
    };
    const what = fault === "delay" ? delayed : fault === "loss" ? lossy : held;
    for (const { node: from } of replicas)
      for (const { node: to } of replicas)
        if (from !== to && isHit(from, to)) proxy.suffer(from, to, begins ? what : {});
  }
}
