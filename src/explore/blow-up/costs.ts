// What the time of a search goes into: the author's `step`, and the garbage collector.

import { PerformanceObserver, performance } from "node:perf_hooks";
import { evaluateStep } from "../../model/evaluate.js";
import type { NodeTable } from "../../model/node-table.js";
import { inputOf, requestsFor } from "../../model/starts.js";
import type { TransitionSystem } from "../../model/system.js";
import type { Input, Json } from "../../protocol/index.js";

/** Where the seconds of a search went. */
export interface Costs {
  readonly seconds: number;
  /** Pairs of local state and input that `step` was asked about. */
  readonly evaluations: number;
  /** Milliseconds of one evaluation, for which `step` is called twice: the mean of a sample that is made again. */
  readonly evaluationMs: number;
  /** Seconds of all evaluations, estimated from these. */
  readonly stepSeconds: number;
  /** Seconds in which the garbage collector stopped the search. */
  readonly gcSeconds: number;
}

/** Observes the garbage collector until it is asked. */
export class GarbageClock {
  readonly #observer = new PerformanceObserver((list) => this.#add(list.getEntries()));
  #milliseconds = 0;

  constructor() {
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** Seconds so far. Ends the observation. */
  stop(): number {
    this.#add(this.#observer.takeRecords());
    this.#observer.disconnect();
    return this.#milliseconds / 1000;
  }

  #add(entries: readonly { readonly duration: number }[]): void {
    for (const { duration } of entries) this.#milliseconds += duration;
  }
}

/** How many steps are made again, and for how long, in milliseconds: a limit of time has to be kept also where one step takes seconds. */
const [sampled, sampleMs] = [200, 300];

/** What a search that took so long has spent it on. */
export function costsOf(system: TransitionSystem, seconds: number, gcSeconds: number): Costs {
  const evaluations = system.stepCalls;
  const evaluationMs = meanOfEvaluation(system, Math.max(1, Math.floor(evaluations / sampled)));
  return { seconds, evaluations, evaluationMs, stepSeconds: (evaluations * evaluationMs) / 1000, gcSeconds };
}

/** The mean of every `stride`-th evaluation, in milliseconds. */
function meanOfEvaluation(system: TransitionSystem, stride: number): number {
  let [made, milliseconds, index] = [0, 0, 0];
  const until = performance.now() + sampleMs;
  for (const table of system.nodes)
    for (const [local, id] of table.steps()) {
      if (index++ % stride > 0) continue;
      if (made > 0 && performance.now() > until) return milliseconds / made;
      const input = inputWith(system, table, id);
      const { spec, context } = table;
      const state = table.localState(local);
      const startedAt = performance.now();
      evaluateStep(spec, context, state, input);
      milliseconds += performance.now() - startedAt;
      made++;
    }
  return made === 0 ? 0 : milliseconds / made;
}

function inputWith(system: TransitionSystem, table: NodeTable, id: number): Input<Json> {
  const { kind, what } = inputOf(id);
  if (kind === "packet") return system.inputOf(what);
  if (kind === "timer") return { kind: "timer", timer: table.timers[what]! };
  return { kind: "request", request: requestsFor(system.setting, table.spec.id, table.spec.role)[what]! };
}
