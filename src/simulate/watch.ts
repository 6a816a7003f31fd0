// The properties at work during a run: the same monitors over events as in the search, and verdicts in the same words.

import type { Verdict } from "../explore/verdict.js";
import type { Event, Json, Monitor, NodeId, Property } from "../protocol/index.js";
import type { End } from "./engine.js";
import type { Simulation } from "./setting.js";
import { stableFromMs } from "./setting.js";

export interface PropertyVerdict {
  readonly name: string;
  readonly kind: Property["kind"];
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** How many comparisons the property has made. */
  readonly comparisons: number;
}

/** Feeds events to the properties' monitors. */
export class Watch {
  readonly #monitors: readonly Monitor[];
  readonly #states: Json[];

  constructor({ properties, config, nodes, byzantine, entry }: Simulation) {
    const { protocol } = entry;
    const facts = {
      config,
      correct: nodes.map(({ id }) => id).filter((id) => !byzantine.includes(id)),
      issued: config.clients ? [] : protocol.requests(config).map((request) => protocol.digest(request)),
    };
    this.#monitors = properties.map((property) => property.monitor(facts));
    this.#states = this.#monitors.map(({ init }) => init);
  }

  observe(by: NodeId, event: Event): void {
    for (let i = 0; i < this.#monitors.length; i++)
      this.#states[i] = this.#monitors[i]!.on(this.#states[i]!, by, event);
  }

  /** What the properties say of a run that has ended. */
  verdicts(simulation: Simulation, end: End): readonly PropertyVerdict[] {
    return simulation.properties.map(({ name, kind, exercise }, index) => {
      const [monitor, state] = [this.#monitors[index]!, this.#states[index]!];
      const comparisons = monitor.exercised(state);
      const stands = monitor.verdict(state);
      const [verdict, reason] = judged(simulation, end, {
        stands,
        comparisons,
        exercise,
        explanation: stands === "holds" ? "" : monitor.explain(state),
      });
      return { name, kind, verdict, reason, comparisons };
    });
  }
}

interface Finding {
  readonly stands: ReturnType<Monitor["verdict"]>;
  readonly comparisons: number;
  readonly exercise: string;
  readonly explanation: string;
}

/** A goal that is not met is a violation only if the protocol had the time, the network and the correct replicas it asks for. */
function judged(simulation: Simulation, end: End, finding: Finding): [Verdict, string | null] {
  const { stands, comparisons, exercise, explanation } = finding;
  const inside = isInsideContract(simulation);
  if (stands === "violated") return ["violated", explanation];
  if (stands === "holds") {
    if (comparisons > 0) return ["holds", null];
    return inside
      ? ["vacuous", exercise]
      : ["outside", `not put to the test, outside the contract: ${exercise}`];
  }
  if (!inside) return ["outside", `not live, outside the contract: ${explanation}`];
  if (end.kind === "interrupted") return ["inconclusive", `interrupted: ${explanation}`];
  if (end.kind === "limit") return ["inconclusive", `${end.limit} was reached: ${explanation}`];
  if (stableFromMs(simulation.parameters) === null)
    return [
      "outside",
      `not live, and the network loses messages to the end, which no protocol promises to live with: ${explanation}`,
    ];
  return ["violated", `not live: ${explanation}`];
}

/** Whether the protocol promises anything: n >= 3f+1, and at most f Byzantine replicas. */
export function isInsideContract({ config, byzantine }: Simulation): boolean {
  return byzantine.length <= config.faults && config.replicas >= 3 * config.faults + 1;
}
