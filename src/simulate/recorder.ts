// Records a simulated run as actions in the words of traces, with what each did to its node. A run whose parameters are the same is recorded
// alike, so a recording can be compared with a later one, action by action.

import type { Action } from "../model/action.js";
import type { Effect, Event, Input, Json, NodeId, Step } from "../protocol/index.js";
import type { Observed, RecordedNode, RunObserver, Taken } from "./observer.js";
import type { Simulation } from "./setting.js";
import type { Standing } from "./watch.js";

/** Who gives nodes their requests: no node of the run. */
export const user = "user";

/** An action at a correct node, or of the network to a message for one. */
export interface RecordedStep {
  readonly timeMs: number;
  readonly action: Action;
  /** What the node did, deferred messages that it looked at again included. */
  readonly effects: readonly Effect<Json>[];
  readonly events: readonly Event[];
  /** Where the node stands afterwards. */
  readonly now: RecordedNode;
  readonly standings: readonly Standing[];
}

/** See the file comment. */
export class Recorder implements RunObserver {
  readonly starts: RecordedNode[] = [];
  /** The starts that nodes took which had a choice. */
  readonly startChoices: { [node: NodeId]: string } = {};
  startStandings: readonly Standing[] = [];
  readonly steps: RecordedStep[] = [];
  readonly #isCorrect: readonly boolean[];
  readonly #ids: readonly NodeId[];
  readonly #byzantine: readonly NodeId[];
  readonly #senders = new WeakMap<object, number>();
  #run: Observed | null = null;
  #outcomes: Step<Json, Json>[] = [];
  #label: string | undefined;
  /** What the network did to messages that are being sent. */
  #networkFaults: { readonly action: Action; readonly to: number }[] = [];

  constructor({ nodes, byzantine }: Pick<Simulation, "nodes" | "byzantine">) {
    this.#ids = nodes.map(({ id }) => id);
    this.#byzantine = byzantine;
    this.#isCorrect = this.#ids.map((id) => !byzantine.includes(id));
  }

  attach(run: Observed): void {
    this.#run = run;
  }

  began(node: number, label: string | undefined): void {
    if (!this.#isCorrect[node]) return;
    if (label !== undefined) this.startChoices[this.#ids[node]!] = label;
    this.starts.push(this.#run!.standing(node));
  }

  allBegan(): void {
    this.startStandings = this.#run!.standings();
    this.#outcomes = [];
    this.#flush();
  }

  took({ outcome, label }: Taken): void {
    if (this.#outcomes.length === 0) this.#label = label;
    this.#outcomes.push(outcome);
  }

  sent(from: number, to: number, input: Input<Json>, copies: number): void {
    this.#senders.set(input, from);
    if (copies === 1 || !this.#isCorrect[to] || input.kind !== "message") return;
    const [kind, { message }] = [copies === 0 ? ("lose" as const) : ("duplicate" as const), input];
    this.#networkFaults.push({ action: { kind, from: this.#ids[from]!, to: this.#ids[to]!, message }, to });
  }

  handled(node: number, input: Input<Json>): void {
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    if (this.#isCorrect[node]) {
      const choice = this.#label === undefined ? {} : { choice: this.#label };
      this.#add(node, { ...this.#actionOf(node, input), ...choice }, outcomes);
    }
    this.#flush();
  }

  crashed(node: number): void {
    if (this.#isCorrect[node]) this.#add(node, { kind: "crash", node: this.#ids[node]! }, []);
  }

  restarted(node: number): void {
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    const choice = this.#label === undefined ? {} : { choice: this.#label };
    if (this.#isCorrect[node])
      this.#add(node, { kind: "restart", node: this.#ids[node]!, ...choice }, outcomes);
    this.#flush();
  }

  #actionOf(node: number, input: Input<Json>): Action {
    const to = this.#ids[node]!;
    if (input.kind === "timer") return { kind: "timer", node: to, timer: input.timer };
    if (input.kind === "request") return { kind: "deliver", from: user, to, message: input.request };
    const { from, message } = input;
    const sender = this.#ids[this.#senders.get(input)!]!;
    const isByzantine = (id: NodeId) => this.#byzantine.includes(id);
    const kind = !isByzantine(sender) ? "deliver" : isByzantine(from) ? "inject" : "relay";
    return { kind, from, ...(sender !== from && { via: sender }), to, message };
  }

  #flush(): void {
    const networkFaults = this.#networkFaults;
    this.#networkFaults = [];
    for (const { action, to } of networkFaults) this.#add(to, action, []);
  }

  #add(node: number, action: Action, outcomes: readonly Step<Json, Json>[]): void {
    const run = this.#run!;
    this.steps.push({
      timeMs: run.time() / 1000,
      action,
      effects: outcomes.flatMap(({ effects }) => effects),
      events: outcomes.flatMap(({ events }) => events),
      now: run.standing(node),
      standings: run.standings(),
    });
  }
}
