// An audit of what a cluster has done, by the records of its correct nodes: one request at each place, none twice, and everything that a
// client was told is there. Steps that a crash has undone do not count: nothing that they sent has left their node. (`turncoat conform` asks
// more: whether the model explains every step.)

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Event, NodeId } from "../protocol/index.js";
import type { RecordedInput, RecordedStep } from "../records/index.js";

/** What was found; lists are empty if all is well. */
export interface Audit {
  /** How many different requests correct replicas have executed. */
  readonly executed: number;
  /** How many requests clients have accepted an answer to. */
  readonly accepted: number;
  /** Requests that a replica has executed twice: `r1: c0:1:A`. */
  readonly twice: readonly string[];
  /** Places at which two replicas have executed different requests: `slot 3`. */
  readonly disagreements: readonly string[];
  /** Requests that a client accepted an answer to, and fewer than f+1 correct replicas executed. None where replicas install others' states. */
  readonly missing: readonly string[];
  /** Requests that a replica executed and no client has made. */
  readonly invented: readonly string[];
}

/** Audits records: the files of each correct node, by node; `executors`: how many correct replicas must have executed what is accepted. */
export async function audit(
  records: ReadonlyMap<NodeId, readonly string[]>,
  executors: number,
): Promise<Audit> {
  const found = new Findings();
  for (const [node, files] of records) {
    const shown = await eventsIn(files);
    for (const { event } of shown) found.add(node, event);
  }
  return found.audit(executors);
}

/** An event of a step, by the number of the step. */
interface Shown {
  readonly step: number;
  readonly event: Event;
}

/** The events that a node has shown in steps that no crash has undone, in order. */
async function eventsIn(files: readonly string[]): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const file of files)
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const begins = beginning.test(line);
      if (!begins && !line.includes('"events":[{')) continue;
      const { node, clock, input, events } = JSON.parse(line) as RecordedStep;
      if (begins) forget(shown, input);
      for (const event of events) shown.push({ step: clock[node]!, event });
    }
  return shown;
}

/** A line of a node that begins, or begins again. */
const beginning = /"input":\{"kind":"(start|restart)"/;

/** A node that starts has nothing on its disk. After a crash it has everything up to the step that it names (records of earlier versions name none). */
function forget(shown: Shown[], input: RecordedInput): void {
  if (input.kind === "start") shown.length = 0;
  if (input.kind !== "restart" || input.kept === undefined) return;
  while (shown.length > 0 && shown.at(-1)!.step > input.kept) shown.pop();
}

class Findings {
  readonly #byPlace = new Map<string, string>();
  readonly #executors = new Map<string, Set<NodeId>>();
  readonly #accepted = new Set<string>();
  readonly #invoked = new Set<string>();
  readonly #twice: string[] = [];
  readonly #disagreements = new Set<string>();
  /** Somebody has taken over others' state, and shows no executions of what that contains. */
  #isInstalled = false;

  add(node: NodeId, event: Event): void {
    switch (event.kind) {
      case "executed": {
        const { slot, index = 0, request, own } = event;
        const place = `slot ${slot}${index > 0 ? `.${index}` : ""}`;
        const first = this.#byPlace.get(place);
        if (first === undefined) this.#byPlace.set(place, request);
        else if (first !== request) this.#disagreements.add(place);
        const executors = this.#executors.get(request) ?? new Set();
        this.#executors.set(request, executors);
        if (executors.has(node) && !own) this.#twice.push(`${node}: ${request}`);
        executors.add(node);
        return;
      }
      case "invoked":
        this.#invoked.add(event.request);
        return;
      case "accepted":
        this.#accepted.add(event.request);
        return;
      default:
        if (event.name === "state-installed") this.#isInstalled = true;
    }
  }

  audit(executors: number): Audit {
    const needed = this.#isInstalled ? 1 : executors;
    const hasClients = this.#invoked.size > 0;
    return {
      ...{ executed: this.#executors.size, accepted: this.#accepted.size, twice: this.#twice },
      disagreements: [...this.#disagreements],
      missing: [...this.#accepted].filter((one) => (this.#executors.get(one)?.size ?? 0) < needed),
      invented: hasClients ? [...this.#executors.keys()].filter((one) => !this.#invoked.has(one)) : [],
    };
  }
}
