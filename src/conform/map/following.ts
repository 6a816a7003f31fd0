// What follows from an event for one explanation: the states after every input and outcome that its rule allows, or the guard that fails, in words.

import { type Canonicalizer, canonicalizer, SchemaMismatch } from "../../model/canonical.js";
import { UserError } from "../../model/errors.js";
import { requestsFor } from "../../model/starts.js";
import type { Config, Json, NodeId, NodeSpec, Protocol } from "../../protocol/index.js";
import type { RecordedInput } from "../../records/index.js";
import { type Describer, describer } from "../../render/describe.js";
import { Said } from "../said.js";
import type { Candidate, Candidates, SentMessage } from "./candidates.js";
import { evaluated, mismatch, type Scope } from "./expression.js";
import type { MapFile, MappedInput, MapRule } from "./map-file.js";

/** The result of an event for one explanation: those that follow, or what stops it. */
export type Followed = { readonly next: readonly Candidate[] } | { readonly reason: string };

/** What records are read with. */
export interface MappedModel {
  readonly map: MapFile;
  readonly protocol: Protocol<Json, Json>;
  readonly specs: readonly NodeSpec<Json>[];
  readonly config: Config;
}

/** See the file comment. */
export class Following {
  readonly #map: MapFile;
  readonly #protocol: Protocol<Json, Json>;
  readonly #specs: readonly NodeSpec<Json>[];
  readonly #config: Config;
  readonly #canonical: Canonicalizer;
  readonly #describe: Describer;
  readonly #candidates: Candidates;

  constructor({ map, protocol, specs, config }: MappedModel, candidates: Candidates) {
    this.#map = map;
    this.#protocol = protocol;
    this.#specs = specs;
    this.#config = config;
    this.#canonical = canonicalizer(protocol.message as never);
    this.#describe = describer(protocol, config);
    this.#candidates = candidates;
  }

  /** What follows from an event of this rule. */
  rule(rule: MapRule, node: NodeId | null, candidate: Candidate, scope: Scope): Followed {
    const early = this.#unlike(rule.before, node, candidate, scope);
    if (early !== null) return { reason: `${early}, before the input` };
    const taken: Followed =
      rule.input === undefined || node === null
        ? { next: [candidate] }
        : this.input(rule.input, rule.choice, node, candidate, scope);
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
  input(input: MappedInput, choice: unknown, node: NodeId, candidate: Candidate, scope: Scope): Followed {
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
