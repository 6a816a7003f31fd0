// The causes of a blow-up: what multiplies local states, messages, moves of the adversary or observations, by how much, and what to change.
// Estimates are read off what a search has seen, also where a limit has ended it.

import { fieldsBeside } from "../../model/canonical.js";
import type { NodeTable } from "../../model/node-table.js";
import type { TransitionSystem } from "../../model/system.js";
import { typeOf } from "../../model/terms.js";
import { counted, grouped } from "../../parameters/words.js";
import type { Json } from "../../protocol/index.js";
import { type Finding, findingAt, noticeable, type Pattern, type Surroundings, several } from "./patterns.js";
import { different, gainOf, placesIn } from "./places.js";
import { nameOf, statesOf } from "./states.js";

/** One cause. */
export interface Cause {
  /** What is multiplied. */
  readonly what: "local states" | "components" | "messages" | "moves" | "observations";
  /** Whose: a node, a type of message, an adversary, or a property. */
  readonly whose: string;
  /** The field, with those around it: `log.entries`; several that depend on each other, separated by " and "; null: none. */
  readonly field: string | null;
  readonly pattern: Pattern | "timers" | "property";
  /** By how much fewer there would be without it. */
  readonly gain: number;
  /** What to change, in one sentence. */
  readonly advice: string;
}

/** So many records are looked at; the first ones, so that those that they follow from are among them. */
const most = 8000;

/** So many characters of them: more would take seconds. */
const mostText = 2_000_000;

/** The first records, as many as are looked at. */
export function firstOf(records: Iterable<Json>): readonly Json[] {
  const taken: Json[] = [];
  let text = 0;
  for (const record of records) {
    if (taken.length >= most || text > mostText) break;
    text += JSON.stringify(record).length;
    taken.push(record);
  }
  return taken;
}

/** The causes, the one that multiplies most first. */
export function causesOf(system: TransitionSystem): readonly Cause[] {
  const run = surroundingsOf(system);
  const correct = system.nodes.slice(0, system.correctCount);
  const [largest] = [...correct].sort((a, b) => b.localOf.length - a.localOf.length);
  const causes = [
    ...(largest ? [...stateCauses(largest, run), ...timerCauses(largest)] : []),
    ...messageCauses(correct, run),
    ...moveCauses(system, run),
    ...observationCauses(system),
  ];
  const least = ({ pattern }: Cause) => (pattern === "values" ? 1.5 : noticeable);
  return causes.filter((one) => one.gain >= least(one)).sort((a, b) => b.gain - a.gain);
}

function surroundingsOf({ setting, nodes }: TransitionSystem): Surroundings {
  const { config, bounds } = setting;
  const messages = new Set(
    nodes.flatMap((table) => table.messagesSent().map(({ message }) => JSON.stringify(message))),
  );
  return {
    nodes: new Set(nodes.map(({ spec }) => spec.id)),
    limit: Math.max(bounds.views + 1, config.slots, config.requests, config.replicas),
    // Not what is as short as a vote's value: that is in messages by chance.
    isMessage: (value) => typeof value === "object" && value !== null && messages.has(JSON.stringify(value)),
  };
}

function stateCauses(table: NodeTable, run: Surroundings): readonly Cause[] {
  const whose = table.spec.id;
  const locals = firstOf(statesOf(table));
  const beside = fieldsBeside(table.spec.behaviour.state as never);
  const places = placesIn(locals).filter(([name]) => !beside.includes(name!));
  const findings = places.map((place) => findingAt(locals, place, run));
  const telling = findings.filter(({ pattern, values }) => pattern !== "values" || values >= several);
  const causes = telling.map((finding) => ({
    ...{ what: "local states" as const, whose, field: nameOf(finding.place) },
    ...{ pattern: finding.pattern, gain: finding.gain },
    advice: stateAdvice(`${whose}'s \`${nameOf(finding.place)}\``, finding),
  }));
  // Fields that follow from each other multiply only together.
  const entangled = findings.filter(
    ({ pattern, gain, values }) => pattern !== "values" && gain < noticeable && values > 4,
  );
  const without = entangled.map(({ place }) => place);
  const gain = gainOf(locals, without, () => undefined);
  if (entangled.length < 2 || gain < noticeable) return causes;
  const field = without.map(nameOf).join(" and ");
  const advice = `${whose}'s \`${without.map(nameOf).join("` and `")}\` follow from each other, and multiply its local states by ${times(gain)} together: ${remedies[entangled[0]!.pattern]}.`;
  const together = {
    what: "local states" as const,
    whose,
    field,
    pattern: entangled[0]!.pattern,
    gain,
    advice,
  };
  return [...causes, together];
}

const times = (gain: number) => (gain >= 100 ? grouped(Math.round(gain)) : gain.toFixed(1));

/** What to do about a field of the state. */
const remedies: Record<Pattern, string> = {
  messages:
    "leave what comes too early with the network, by the effect `defer`, and drop what has become a quorum",
  log: "keep only what later steps read of it, or its length",
  order: "mark it as a set (`SetOf`), or sort it, if the order of arrival makes no difference",
  counter: "leave it out, bound it, or mark it `beside` if only people read it",
  voters:
    "keep how many there are, drop them once they are a quorum, or use a `Certificate`, if it makes no difference who they are",
  subsets: "drop what is not needed any more: votes that are a quorum, what is decided, what is out of date",
  values: "drop from it what is not needed any more, or keep it in one order (mark it as a set)",
};

function stateAdvice(name: string, { pattern, gain, most: size, values }: Finding): string {
  const factor = `multiplies its local states by ${times(gain)}`;
  const heads: Record<Pattern, string> = {
    messages: `${name} keeps up to ${counted(size, "message")}, and ${factor}`,
    log: `${name} grows by one item at a time, up to ${counted(size, "item")}, and ${factor}`,
    order: `${name} keeps its items in the order of their arrival, and that ${factor}`,
    counter: `${name} counts up to ${size}, and ${factor}`,
    voters: `${name} keeps who it was (up to ${size}), and that ${factor}`,
    subsets: `${name} has ${values} subsets of the same items, and ${factor}`,
    values: `${name} has ${counted(values, "value")}, and ${factor}`,
  };
  return `${heads[pattern]}: ${remedies[pattern]}.`;
}

/** What timers a node has set beside its state and what it has sent. */
function timerCauses({ spec, localOf, outboxOf, crashesOf, timersOf, timers }: NodeTable): readonly Cause[] {
  const at = (component: number) => [localOf[component]!, outboxOf[component]!, crashesOf[component]!];
  const all = localOf.map((_, component) => [...at(component), timersOf[component]!]);
  const gain = different(all) / different(localOf.map((_, component) => at(component)));
  const names = timers.slice(0, 3).map((timer) => `\`${timer}\``);
  const more = timers.length > 3 ? ` and ${timers.length - 3} more` : "";
  const advice =
    `${spec.id} has ${counted(timers.length, "timer")} (${names.join(", ")}${more}), of which any may be set, and that multiplies its components by ` +
    `${times(gain)}: cancel a timer as soon as it has no meaning, or let one stand for all.`;
  // One timer that runs or not is what a protocol is made of.
  if (timers.length < 3) return [];
  return [{ what: "components", whose: spec.id, field: null, pattern: "timers", gain, advice }];
}

function messageCauses(tables: readonly NodeTable[], run: Surroundings): readonly Cause[] {
  const all = tables.flatMap((table) => table.messagesSent().map(({ message }) => message));
  return byType(all).flatMap(([type, messages]) =>
    suspects(messages, run).map((finding) => {
      const name = `\`${nameOf(finding.place)}\` of the messages \`${type}\``;
      return cause("messages", type, finding, `${name} ${messageText[finding.pattern](finding)}`);
    }),
  );
}

function moveCauses(system: TransitionSystem, run: Surroundings): readonly Cause[] {
  const adversary = system.setting.adversary?.name ?? "";
  return byType(system.offered()).flatMap(([type, messages]) =>
    suspects(messages, run).map((finding) => {
      const name = `\`${nameOf(finding.place)}\` of the messages \`${type}\` that ${adversary} can say (${messages.length})`;
      return cause("moves", adversary, finding, `${name} ${messageText[finding.pattern](finding)}`);
    }),
  );
}

function cause(what: Cause["what"], whose: string, { place, pattern, gain }: Finding, advice: string): Cause {
  return { what, whose, field: nameOf(place), pattern, gain, advice };
}

/** Messages of one type that are more than a few, the most first. */
function byType(messages: readonly Json[]): readonly (readonly [type: string, messages: readonly Json[]])[] {
  const types = new Map<string, Map<string, Json>>();
  for (const message of messages) {
    const type = typeOf(message);
    if (!types.has(type)) types.set(type, new Map());
    types.get(type)!.set(JSON.stringify(message), message);
  }
  return [...types]
    .map(([type, all]) => [type, firstOf(all.values())] as const)
    .filter(([, all]) => all.length >= 8)
    .sort(([, a], [, b]) => b.length - a.length);
}

/** The fields of messages that have more values than a protocol needs. */
function suspects(messages: readonly Json[], run: Surroundings): readonly Finding[] {
  return placesIn(messages)
    .map((place) => findingAt(messages, place, run))
    .filter(({ pattern, gain, values }) =>
      pattern === "values" ? gain > 2 * run.limit && values > 2 * run.limit : gain >= 1.5,
    );
}

const messageText: Record<Pattern, (finding: Finding) => string> = {
  counter: ({ most: size, gain }) =>
    `counts up to ${size}, and multiplies them by ${times(gain)}: leave it out if it only tells them apart, or bound it.`,
  order: ({ gain }) =>
    `has the same items in different orders, and that multiplies them by ${times(gain)}: mark it as a set (\`SetOf\`).`,
  voters: ({ gain }) =>
    `says who it was, and that multiplies them by ${times(gain)}: use a \`Certificate\` or a \`Collection\`, if it makes no difference who they are.`,
  subsets: ({ values, gain }) =>
    `has ${values} subsets of the same items, and multiplies them by ${times(gain)}: say only those that a receiver can tell apart, or use a \`Collection\`.`,
  log: ({ most: size, gain }) =>
    `grows, up to ${counted(size, "item")}, and multiplies them by ${times(gain)}: say only what is new.`,
  messages: ({ most: size, gain }) =>
    `holds up to ${counted(size, "message")}, and multiplies them by ${times(gain)}: use a \`Certificate\` or a \`Collection\`.`,
  values: ({ values, gain }) =>
    `has ${counted(values, "value")}, and multiplies them by ${times(gain)}: fewer values will do for the same mistakes.`,
};

/** What a property remembers, where there are several. */
function observationCauses({ observations, setting }: TransitionSystem): readonly Cause[] {
  const { properties } = setting;
  const count = Math.min(most, observations.count);
  if (count < 64) return [];
  const all = Array.from({ length: count }, (_, id) => observations.monitorStates(id));
  return properties.map(({ name }, index) => {
    const gain = count / different(all.map((states) => states.toSpliced(index, 1)));
    const advice = `${name} remembers so much that there are ${times(gain)} times as many observations (${observations.count}): check it by itself, or let its monitor keep less.`;
    return { what: "observations", whose: name, field: null, pattern: "property", gain, advice };
  });
}
