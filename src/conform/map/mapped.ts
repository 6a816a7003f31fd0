// Conformance of others' records: is there an execution of the model that explains them, read through a mapping? The explanations that are alive
// go from event to event; where none is left, each of the last ones says what stops it.

import { findProtocol } from "../../catalogue/index.js";
import { type Canonicalizer, canonicalizer, SchemaMismatch } from "../../model/canonical.js";
import { didYouMean } from "../../model/did-you-mean.js";
import { UserError } from "../../model/errors.js";
import { nodesOf } from "../../model/setting.js";
import { requestsFor } from "../../model/starts.js";
import type { Config, Json, NodeId, NodeSpec, Protocol } from "../../protocol/index.js";
import type { RecordedInput, RecordedStep } from "../../records/index.js";
import { type Describer, describer } from "../../render/describe.js";
import { Said } from "../said.js";
import { type Candidate, Candidates, type SentMessage, stepsOf } from "./candidates.js";
import { evaluated, holds, mismatch, type Scope } from "./expression.js";
import type { ForeignRecord } from "./foreign.js";
import type { MapFile, MappedInput, MapRule } from "./map-file.js";

/** Why an explanation goes no further. */
export interface Obstacle {
  readonly reason: string;
  /** How many of the explanations that were alive say so. */
  readonly candidates: number;
}

/** What was found. */
export interface MappedConformance {
  readonly protocol: string;
  readonly nodes: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  readonly config: Config;
  /** How many records there are, besides those that are skipped. */
  readonly events: number;
  /** How many of them are explained. */
  readonly explained: number;
  /** How many explanations are alive after the last of these. */
  readonly candidates: number;
  /** Null: all are explained. Otherwise the first that is not, and all that stops an explanation there. */
  readonly rejection: {
    readonly place: string;
    readonly what: string;
    readonly obstacles: readonly Obstacle[];
  } | null;
  /** By the reason of the mapping: how many events say nothing about the model. */
  readonly ignored: { readonly [reason: string]: number };
  readonly skipped: number;
  /** Events that no rule maps: how many, and where the first is. */
  readonly unmapped: { readonly count: number; readonly first: string | null };
  /** The steps of one explanation, as far as it goes. */
  readonly steps: readonly RecordedStep[];
}

/** Holds others' records against the protocol that a mapping names. `protocolName`: another protocol instead. */
export async function conformMapped(
  records: readonly ForeignRecord[],
  map: MapFile,
  protocolName = map.protocol,
): Promise<MappedConformance> {
  const { protocol } = await findProtocol(protocolName);
  return conformMappedTo(protocol, protocolName, records, map);
}

/** The same with a protocol that has no name. */
export function conformMappedTo(
  protocol: Protocol<Json, Json>,
  name: string,
  records: readonly ForeignRecord[],
  map: MapFile,
): MappedConformance {
  const config = map.config as unknown as Config;
  const specs = nodesOf(protocol, config);
  refuseUnknownNodes(map, specs);
  const run = new MappedRun(protocol, specs, config, map);
  for (const record of records) if (!run.take(record)) break;
  const { byzantine = [] } = map;
  return {
    ...{ protocol: name, config, byzantine },
    nodes: specs.map(({ id }) => id).filter((id) => !byzantine.includes(id)),
    ...run.found(),
  };
}

function refuseUnknownNodes({ nodes, byzantine = [] }: MapFile, specs: readonly NodeSpec<Json>[]): void {
  const ids: string[] = specs.map(({ id }) => id);
  for (const node of [...Object.values(nodes), ...byzantine])
    if (!ids.includes(node))
      throw new UserError(
        "bad-file",
        `The mapping names a node ${node}: with its config there are ${ids.join(", ")}.`,
      );
}

/** The result of an event for one explanation: those that follow, or what stops it. */
type Followed = { readonly next: readonly Candidate[] } | { readonly reason: string };

class MappedRun {
  readonly #map: MapFile;
  readonly #protocol: Protocol<Json, Json>;
  readonly #specs: readonly NodeSpec<Json>[];
  readonly #config: Config;
  readonly #canonical: Canonicalizer;
  readonly #candidates: Candidates;
  readonly #describe: Describer;
  readonly #constants: { readonly [name: string]: Json };
  #alive: Candidate[];
  #events = 0;
  #explained = 0;
  #skipped = 0;
  #unmapped: { count: number; first: string | null } = { count: 0, first: null };
  readonly #ignored: { [reason: string]: number } = {};
  #rejection: MappedConformance["rejection"] = null;

  constructor(
    protocol: Protocol<Json, Json>,
    specs: readonly NodeSpec<Json>[],
    config: Config,
    map: MapFile,
  ) {
    this.#map = map;
    this.#protocol = protocol;
    this.#specs = specs;
    this.#config = config;
    this.#canonical = canonicalizer(protocol.message as never);
    this.#describe = describer(protocol, config);
    const { byzantine = [] } = map;
    const correct = specs.filter(({ id }) => !byzantine.includes(id));
    this.#candidates = new Candidates(correct, config, this.#canonical);
    this.#constants = (map.constants ?? {}) as { readonly [name: string]: Json };
    this.#alive = this.#candidates.starts();
  }

  found() {
    return {
      ...{ events: this.#events, explained: this.#explained, candidates: this.#alive.length },
      ...{
        rejection: this.#rejection,
        ignored: this.#ignored,
        skipped: this.#skipped,
        unmapped: this.#unmapped,
      },
      steps: this.#alive.length > 0 ? stepsOf(this.#alive[0]!) : [],
    };
  }

  /** Takes a record; false if nothing explains it. */
  take({ record, place }: ForeignRecord): boolean {
    const scope: Scope = { record, place, constants: this.#constants, nodes: this.#map.nodes };
    if (this.#map.skip?.some((conditions) => holds(conditions, scope))) {
      this.#skipped++;
      return true;
    }
    this.#events++;
    const rule = this.#map.rules.find(({ when }) => holds(when, scope));
    if (rule === undefined) {
      this.#unmapped.count++;
      this.#unmapped.first ??= place;
    } else if (rule.ignore !== undefined) this.#ignored[rule.ignore] = (this.#ignored[rule.ignore] ?? 0) + 1;
    else if (!this.#explain(rule, scope)) return false;
    this.#explained++;
    return true;
  }

  #explain(rule: MapRule, scope: Scope): boolean {
    const node = this.#nodeOf(rule, scope);
    const reasons = new Map<string, number>();
    const next: Candidate[] = [];
    for (const candidate of this.#guessed(node, scope)) {
      const followed = this.#follow(rule, node, candidate, scope);
      if ("next" in followed) next.push(...followed.next);
      else reasons.set(followed.reason, (reasons.get(followed.reason) ?? 0) + 1);
    }
    const distinct = this.#candidates.distinct(next);
    const { candidates: most = 1000 } = this.#map;
    if (distinct.length > most)
      throw new UserError(
        "bad-file",
        `${scope.place}: more than ${most} explanations are alive. Let the mapping say more (states, messages), guess less (unlogged.max), or allow more (candidates).`,
      );
    if (distinct.length > 0) {
      this.#alive = distinct;
      return true;
    }
    const obstacles = [...reasons].map(([reason, candidates]) => ({ reason, candidates }));
    const what = `${rule.about ?? JSON.stringify(rule.when)}${node === null ? "" : `, at ${node}`}`;
    this.#rejection = { place: scope.place, what, obstacles };
    return false;
  }

  #nodeOf(rule: MapRule, scope: Scope): NodeId | null {
    const expression = rule.node ?? this.#map.node;
    if (expression === undefined) {
      if (rule.input || rule.before || rule.state || rule.sent || rule.shown)
        throw new UserError(
          "bad-file",
          `The mapping does not say whose event ${scope.place} is: give \`node\`.`,
        );
      return null;
    }
    const node = evaluated(expression, scope);
    const ids: string[] = this.#specs.map(({ id }) => id);
    if (typeof node === "string" && ids.includes(node) && !this.#map.byzantine?.includes(node)) return node;
    throw new UserError(
      "bad-file",
      `${scope.place} is of ${JSON.stringify(node)}, which is no correct node: there are ${ids.join(", ")}. ${didYouMean(String(node), ids)}`.trim(),
    );
  }

  /** The explanations alive, and those with inputs that nobody has logged. */
  #guessed(node: NodeId | null, scope: Scope): Candidate[] {
    const { inputs, max } = this.#map.unlogged ?? { inputs: [], max: 0 };
    let all = this.#alive;
    let last = all;
    for (let count = 0; count < max && node !== null; count++) {
      last = last.flatMap((candidate) =>
        inputs.flatMap((input) => {
          const taken = this.#input(input, undefined, node, candidate, scope);
          return "next" in taken ? taken.next : [];
        }),
      );
      all = this.#candidates.distinct([...all, ...last]);
    }
    return all;
  }

  #follow(rule: MapRule, node: NodeId | null, candidate: Candidate, scope: Scope): Followed {
    const early = this.#unlike(rule.before, node, candidate, scope);
    if (early !== null) return { reason: `${early}, before the input` };
    const taken: Followed =
      rule.input === undefined || node === null
        ? { next: [candidate] }
        : this.#input(rule.input, rule.choice, node, candidate, scope);
    if ("reason" in taken) return taken;
    const [next, reasons]: [Candidate[], string[]] = [[], []];
    for (const one of taken.next) {
      const problem = this.#unfit(rule, node, one, scope);
      if (problem === null) next.push(one);
      else reasons.push(problem);
      if (problem === null && rule.choice === "first") break;
    }
    return next.length > 0 ? { next } : { reason: [...new Set(reasons)].join("; or ") };
  }

  /** What follows from an input. */
  #input(input: MappedInput, choice: unknown, node: NodeId, candidate: Candidate, scope: Scope): Followed {
    const given = this.#given(input, node, candidate, scope);
    if (typeof given === "string") return { reason: given };
    const outcomes = given.flatMap((one) => this.#candidates.outcomes(candidate, node, one));
    if (choice === undefined || choice === "first") return { next: outcomes.map(({ next }) => next) };
    const label = evaluated(choice, scope);
    const chosen = outcomes.filter((one) => one.label === label);
    if (chosen.length > 0) return { next: chosen.map(({ next }) => next) };
    const labels = [...new Set(outcomes.map((one) => one.label))].join(", ");
    return { reason: `${node} cannot choose ${JSON.stringify(label)}: it has ${labels || "no choice"}` };
  }

  /** The inputs that are possible and match, or why there is none. */
  #given(
    input: MappedInput,
    node: NodeId,
    candidate: Candidate,
    scope: Scope,
  ): readonly RecordedInput[] | string {
    if ("timer" in input) {
      const timer = String(evaluated(input.timer, scope));
      const { timers } = candidate.nodes.get(node)!;
      if (timers.has(timer)) return [{ kind: "timer", timer }];
      return `the timer ${timer} of ${node} expires, and is not set (${[...timers].join(", ") || "none"} is)`;
    }
    if ("request" in input) {
      const { role } = this.#specs.find(({ id }) => id === node)!;
      const all = requestsFor({ protocol: this.#protocol, config: this.#config }, node, role);
      const fitting = all.filter((request) => mismatch(input.request, request, scope) === null);
      if (fitting.length > 0) return fitting.map((request) => ({ kind: "request", request }));
      return `nobody gives ${node} such a request: there are ${JSON.stringify(all)}`;
    }
    return this.#messages(input, node, candidate, scope);
  }

  #messages(
    { message: pattern, from }: Extract<MappedInput, { readonly message: unknown }>,
    node: NodeId,
    candidate: Candidate,
    scope: Scope,
  ): readonly RecordedInput[] | string {
    const via = String(evaluated(from, scope));
    if (this.#map.byzantine?.includes(via)) return this.#made(pattern, via, candidate, scope);
    const came = candidate.sent.filter((sent) => sent.from === via && sent.to === node);
    const fitting = came.filter(({ message }) => mismatch(pattern, message, scope) === null);
    if (fitting.length > 0) return fitting.map(({ message }) => inputOf(message, via));
    return `${via} has not sent that to ${node} by then${this.#nearest(pattern, came, scope)}`;
  }

  /** A Byzantine node makes a message up: the pattern has to be all of it. */
  #made(pattern: unknown, via: NodeId, { sent }: Candidate, scope: Scope): readonly RecordedInput[] | string {
    const message = this.#canonical(evaluated(pattern, scope));
    if (message instanceof SchemaMismatch) return `what ${via} is to have made up is no message: ${message}`;
    const said = new Said(
      this.#map.byzantine!.map((id) => id),
      [],
      this.#canonical,
    );
    for (const one of sent) said.add(one.from, [{ kind: "send", to: one.to, message: one.message }]);
    if (said.canBeSaid(message)) return [inputOf(message, via)];
    return `${via} is Byzantine, and can still not have said that: it would have to forge a signature or a certificate`;
  }

  /** In words, the message that is most like a pattern. */
  #nearest(pattern: unknown, sent: readonly SentMessage[], scope: Scope): string {
    const fields = typeof pattern === "object" && pattern !== null ? Object.entries(pattern) : [];
    const misses = ({ message }: SentMessage) =>
      fields.filter(([name, inner]) => {
        const found = (message as { readonly [name: string]: Json } | null)?.[name];
        return found === undefined || mismatch(inner, found, scope, name) !== null;
      }).length;
    const [best] = sent.toSorted((a, b) => misses(a) - misses(b));
    if (best === undefined) return ": it has sent nothing to it";
    return `. Most like it: ${this.#describe.message(best.message)}, where ${mismatch(pattern, best.message, scope)}`;
  }

  /** What of a rule does not fit after its input, or null. */
  #unfit(rule: MapRule, node: NodeId | null, candidate: Candidate, scope: Scope): string | null {
    const unlike = this.#unlike(rule.state, node, candidate, scope);
    if (unlike !== null) return unlike;
    for (const { to, message } of rule.sent ?? []) {
      const receiver = to === undefined ? null : String(evaluated(to, scope));
      const own = candidate.sent.filter(
        (sent) => sent.from === node && (receiver === null || sent.to === receiver),
      );
      if (own.every((sent) => mismatch(message, sent.message, scope) !== null))
        return `${node} has not sent that${receiver === null ? "" : ` to ${receiver}`} by then${this.#nearest(message, own, scope)}`;
    }
    for (const pattern of rule.shown ?? []) {
      const events = candidate.shown.get(node!) ?? [];
      if (events.every((event) => mismatch(pattern, event as unknown as Json, scope) !== null))
        return `${node} has not shown that by then; it has shown ${JSON.stringify(events.at(-1) ?? null)} last`;
    }
    for (const [other, pattern] of Object.entries({ ...this.#map.states, ...rule.states })) {
      if (!candidate.nodes.has(other))
        throw new UserError("bad-file", `The mapping has a state for ${other}, which is no correct node.`);
      const problem = this.#unlike(pattern, other, candidate, scope);
      if (problem !== null) return problem;
    }
    return null;
  }

  /** Where a node's state does not match a pattern, or null. */
  #unlike(pattern: unknown, node: NodeId | null, { nodes }: Candidate, scope: Scope): string | null {
    if (pattern === undefined || node === null) return null;
    const problem = mismatch(pattern, nodes.get(node)!.state, scope);
    return problem === null ? null : `in the state of ${node} ${problem}`;
  }
}

function inputOf(message: Json, via: NodeId): RecordedInput {
  const from = Said.authorOf(message, via);
  return { kind: "message", from, ...(from !== via && { via }), message };
}
