// Records of a simulated run, in the form in which real nodes write theirs: so `turncoat conform` holds it against the model. Virtual time
// stands for the clocks of the nodes. Byzantine nodes leave no records.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Parts } from "../identity/identity.js";
import { stableOf } from "../model/behaviour-calls.js";
import { UserError } from "../model/errors.js";
import type { Input, Json, NodeId } from "../protocol/index.js";
import type { Observed, RunObserver, Taken } from "../simulate/observer.js";
import type { Simulation } from "../simulate/setting.js";
import { version } from "../version.js";
import type { RecordedInput } from "./schema.js";
import { canonicalState, stateDigest } from "./state.js";
import { RecordWriter } from "./writer.js";

/** What a node's record needs while it is written. */
interface Writing {
  readonly writer: RecordWriter;
  readonly clock: { [node: NodeId]: number };
  state: Json;
}

/** See the file comment. */
export class SimulatedRecords implements RunObserver {
  readonly #nodes: Simulation["nodes"];
  /** By node; null: it is Byzantine. */
  readonly #writings: readonly (Writing | null)[];
  /** Of each message in flight: who sent it, and in which of its steps. */
  readonly #sent = new WeakMap<object, { readonly from: number; readonly step: number }>();
  #run: Observed | null = null;

  /** `code`: what the protocol is made of. @throws {UserError} `bad-file` if the directory has anything in it, or cannot be written. */
  constructor({ nodes, config, parameters, byzantine }: Simulation, directory: string, code: Parts) {
    refuseFull(directory);
    this.#nodes = nodes;
    const { protocol, seed } = parameters;
    const head = {
      kind: "head",
      format: "turncoat-record",
      version: 1,
      turncoat: version,
      code: [code],
    } as const;
    this.#writings = nodes.map(({ id }) => {
      if (byzantine.includes(id)) return null;
      const own = { cluster: `simulated:${seed}`, node: id, protocol, config: { ...config } };
      return { writer: new RecordWriter(join(directory, id), { ...head, ...own }), clock: {}, state: null };
    });
  }

  attach(run: Observed): void {
    this.#run = run;
  }

  took({ node, input, outcome, label, again }: Taken): void {
    const writing = this.#writings[node];
    if (!writing) return;
    const { id } = this.#nodes[node]!;
    const { clock } = writing;
    if (input.kind === "message" && !again) this.#count(clock, input);
    clock[id] = (clock[id] ?? 0) + 1;
    const recorded = this.#recorded(writing, node, input, again);
    writing.state = outcome.state;
    writing.writer.add({
      ...{ kind: "step", node: id, at: this.#run!.time() / 1000, clock: { ...clock }, input: recorded },
      ...(label !== undefined && { choice: label }),
      ...{ effects: outcome.effects, events: outcome.events },
      digest: stateDigest(canonicalState(this.#nodes[node]!, outcome.state)),
    });
  }

  sent(from: number, _to: number, input: Input<Json>): void {
    const step = this.#writings[from]?.clock[this.#nodes[from]!.id] ?? 0;
    this.#sent.set(input, { from, step });
  }

  began(): void {}

  allBegan(): void {}

  handled(): void {}

  crashed(): void {}

  restarted(): void {}

  /** Writes what is left. */
  close(): void {
    for (const writing of this.#writings) writing?.writer.close();
  }

  /** A node has received what was sent in some step of another one. */
  #count(clock: { [node: NodeId]: number }, input: Input<Json>): void {
    const { from, step } = this.#sent.get(input)!;
    const { id } = this.#nodes[from]!;
    if (step > 0) clock[id] = Math.max(step, clock[id] ?? 0);
  }

  #recorded({ state }: Writing, node: number, input: Taken["input"], again: boolean): RecordedInput {
    if (input.kind === "restart") return { kind: "restart", stable: stableOf(this.#nodes[node]!, state) };
    if (input.kind !== "message") return input;
    const via = this.#nodes[this.#sent.get(input)!.from]!.id;
    const { from, message } = input;
    return { kind: "message", from, ...(via !== from && { via }), message, ...(again && { again }) };
  }
}

/**
 * Nothing, if the directory is empty or not there yet.
 *
 * @throws {UserError} `bad-file` if it has anything in it: files of two runs side by side would be read as the record of one run.
 */
export function refuseFull(directory: string): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(directory);
  } catch {
    return; // it is made
  }
  if (names.length > 0)
    throw new UserError("bad-file", `${directory} has files in it: name a new directory for the records.`);
}
