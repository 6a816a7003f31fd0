// Monitors of properties during a run: the same automata over events as in the search, with verdicts in the
// same words.

import { guarding } from "../model/errors.js";
import { exerciseText, type GuardedMonitor, guardedMonitor } from "../model/guarded-monitor.js";
import { Looks, type SeenNode, type Views } from "../model/looks.js";
import { digestOf, requestsOf } from "../model/setting.js";
import type { Event, Json, MonitorVerdict, NodeId, Property } from "../protocol/index.js";
import type { Verdict } from "../verdict/verdict.js";
import type { Simulation } from "./setting.js";
import { type Ended, isInsideContract, lockstep, unmet } from "./unmet.js";

/** The verdict on one property of a simulated run. */
export interface PropertyVerdict {
  readonly name: string;
  readonly kind: Property["kind"];
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** How many comparisons the property has made. */
  readonly comparisons: number;
}

/** What a property says of a run up to some moment. */
export interface Standing {
  readonly property: string;
  readonly kind: Property["kind"];
  readonly verdict: MonitorVerdict;
  /** Why it is violated or pending; null if it holds. */
  readonly why: string | null;
  readonly exercised: number;
}

/**
 * A property with its monitor's states: one for all events or, if it makes a claim about each request, one
 * for each.
 */
interface Watched {
  readonly property: Property;
  /** The part of the property that an event is about; null: none. */
  readonly partOf: (event: Event) => string | null;
  readonly states: Map<string, Json>;
  readonly monitor: GuardedMonitor;
}

/** The only part of a property that is about the whole run. */
const everything = "";

/** Feeds events to the properties' monitors. */
export class Watch {
  readonly #watched: readonly Watched[];
  /** What was asked for last, as long as no event has followed. */
  #standings: readonly Standing[] | null = null;
  readonly #looks: Looks;
  readonly #views = new Map<NodeId, Views>();

  constructor({ properties, config, nodes, byzantine, gone, entry }: Simulation) {
    const { protocol } = entry;
    const facts = {
      config,
      correct: nodes.map(({ id }) => id).filter((id) => !byzantine.includes(id) && !gone.includes(id)),
      issued: config.clients
        ? []
        : requestsOf(protocol, config).map((request) => digestOf(protocol, request)),
      ...(protocol.vocabulary && { vocabulary: protocol.vocabulary }),
    };
    this.#looks = new Looks(properties);
    this.#watched = properties.map((property) => {
      const monitor = guardedMonitor(property, facts);
      const partOf = property.part
        ? guarding(
            "property-threw",
            `part() of ${property.name}`,
            (event: Event) => property.part!(event),
            property.name,
          )
        : () => everything;
      return {
        property,
        monitor,
        partOf,
        states: new Map(property.part ? [] : [[everything, monitor.init]]),
      };
    });
  }

  /** Whether a property looks at states, so that {@link look} has to be called. */
  get looks(): boolean {
    return !this.#looks.areNone;
  }

  /** A correct node has a new state. */
  look(node: SeenNode, state: Json): void {
    this.#standings = null;
    const views = this.#looks.views(node, state);
    for (const { look, view } of this.#looks.changes(this.#views.get(node.id) ?? null, views)) {
      const { monitor, states } = this.#watched[look]!;
      states.set(everything, monitor.sees(states.get(everything) ?? monitor.init, node.id, view));
    }
    this.#views.set(node.id, views);
  }

  observe(by: NodeId, event: Event): void {
    this.#standings = null;
    for (const { monitor, partOf, states } of this.#watched) {
      const part = partOf(event);
      if (part !== null) states.set(part, monitor.on(states.get(part) ?? monitor.init, by, event));
    }
  }

  /** What the properties say so far: the same object as long as nothing has happened that they see. */
  standings(): readonly Standing[] {
    this.#standings ??= this.#watched.map((watched) => {
      const { stands, comparisons, explanation } = standingOf(watched);
      const { name, kind } = watched.property;
      const why = stands === "holds" ? null : explanation;
      return { property: name, kind, verdict: stands, why, exercised: comparisons };
    });
    return this.#standings;
  }

  /** Whether a goal is not met yet. */
  isWaiting(): boolean {
    return this.standings().some(isOpen);
  }

  /** The goals that are not met yet. */
  openGoals(): readonly string[] {
    return this.standings()
      .filter(isOpen)
      .map(({ property }) => property);
  }

  /** The properties' verdicts on a run that has ended. */
  verdicts(simulation: Simulation, outcome: Ended): readonly PropertyVerdict[] {
    return this.#watched.map((watched) => {
      const { property } = watched;
      const { name, kind } = property;
      const exercise = exerciseText(property, simulation.entry.protocol);
      const standing = standingOf(watched);
      const [verdict, reason] = judged(simulation, !this.isWaiting(), {
        ...standing,
        name,
        exercise,
        outcome,
      });
      return { name, kind, verdict, reason, comparisons: standing.comparisons };
    });
  }
}

function isOpen({ kind, verdict }: Standing): boolean {
  return kind === "eventually" && verdict === "pending";
}

/** What a property says of all its parts: the worst. */
function standingOf({ monitor, states }: Watched): Omit<Finding, "name" | "exercise"> {
  const parts = states.size > 0 ? [...states.values()] : [monitor.init];
  const comparisons = parts.reduce((sum: number, state) => sum + monitor.exercised(state), 0);
  const of = (verdict: MonitorVerdict) => parts.find((state) => monitor.verdict(state) === verdict);
  const bad = of("violated") ?? of("pending");
  const stands = bad === undefined ? "holds" : monitor.verdict(bad);
  return { stands, comparisons, explanation: bad === undefined ? "" : monitor.explain(bad) };
}

interface Finding {
  readonly name: string;
  readonly stands: MonitorVerdict;
  readonly comparisons: number;
  readonly exercise: string;
  readonly explanation: string;
}

/** A goal not met is what {@link unmet} says of it. What was met only where chance had no part in it is not counted. */
function judged(
  simulation: Simulation,
  isAll: boolean,
  { name, stands, comparisons, exercise, explanation, outcome }: Finding & { readonly outcome: Ended },
): [Verdict, string | null] {
  const { end, measures, steady } = outcome;
  if (stands === "violated") return ["violated", explanation];
  if (stands === "pending") {
    const [verdict, why] = unmet(simulation, outcome);
    return [verdict, `${why}: ${explanation}`];
  }
  if (steady?.open.includes(name)) return ["inconclusive", luck(steady.viewsInVain, isAll)];
  if (comparisons > 0 && end.kind === "limit")
    return ["inconclusive", `${end.limit} was reached before every request succeeded`];
  if (comparisons > 0) return ["holds", null];
  if (!isInsideContract(simulation))
    return ["outside", `not put to the test, outside the contract: ${exercise}`];
  const hint = measures.latencies.length === 0 ? lockstep(simulation, outcome) : null;
  return ["vacuous", hint === null ? exercise : `${exercise} (${hint})`];
}

/** Why many views that failed prove nothing. */
function luck(views: number, isAll: boolean): string {
  const whatFollowed = isAll
    ? "in which nobody was served, and then everybody was"
    : "in which this goal was not met, and then it was";
  return (
    `${views} views ended ${whatFollowed} once all messages took the same time: the views had bad luck ` +
    "(other seeds may tell, or less variable delays)"
  );
}
