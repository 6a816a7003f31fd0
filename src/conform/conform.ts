// Conformance: is there an execution of the model that explains these records? Every input of a correct node is recorded, so its behaviour is
// run again with them: it must do what the record says. What it received must have been sent to it before, or be something that a
// Byzantine node can say. Nodes without a record are taken for Byzantine.
//
// The steps are explained in one order that agrees with the vector clocks. A message may be received any number of times, later, or never, as
// on the model's network `async`: what was sent and not received needs no explanation.

import { findProtocol } from "../catalogue/index.js";
import { type Canonicalizer, canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { nodesOf } from "../model/setting.js";
import type { Config, Json, NodeId } from "../protocol/index.js";
import { merged, type RecordedStep, type Records } from "../records/index.js";
import { type Describer, describer } from "../render/describe.js";
import { ExplainedNode } from "./explained-node.js";
import { Said } from "./said.js";

/** What records are held against. */
export interface ConformOptions {
  /** Nodes whose records are not believed. Default: those that have none. */
  readonly byzantine?: readonly NodeId[];
  /** The protocol instead of the one that the records name. */
  readonly protocol?: string;
}

/** Why a step is not explained. */
export interface Rejection {
  readonly node: NodeId;
  /** Its number among the steps of its node, from 1. */
  readonly number: number;
  readonly step: RecordedStep;
  /** What the node is said to have done, in words. */
  readonly what: string;
  /** Why no execution of the model does that after the explained steps. */
  readonly reason: string;
}

/** What was found. */
export interface Conformance {
  readonly protocol: string;
  readonly correct: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  /** All steps of correct nodes, in the order in which they are explained. */
  readonly steps: readonly RecordedStep[];
  /** How many of them are explained. */
  readonly explained: number;
  /** Null: all are. */
  readonly rejection: Rejection | null;
  /** By node: how many steps others know of that its record lacks at its end. */
  readonly missing: { readonly [node: NodeId]: number };
}

/** Holds records against the model. @throws {UserError} if they are none of one cluster. */
export async function conform(records: Records, options: ConformOptions = {}): Promise<Conformance> {
  const { protocol, name, specs, config } = await heldAgainst(records, options);
  const { byzantine: named = [] } = options;
  const isCorrect = (node: NodeId) => records.heads.has(node) && !named.includes(node);
  const correct = specs.filter(({ id }) => isCorrect(id));
  const byzantine = specs.map(({ id }) => id).filter((id) => !isCorrect(id));
  const heads = new Map([...records.heads].filter(([node]) => isCorrect(node)));
  const { steps, missing } = merged({ heads, steps: records.steps.filter(({ node }) => isCorrect(node)) });
  const describe = describer(protocol, config);
  const configOf = (node: NodeId) => heads.get(node)!.config as unknown as Config;
  const nodes = new Map(
    correct.map((spec) => [spec.id, new ExplainedNode(protocol, spec, configOf(spec.id), describe)]),
  );
  const replicas = specs.filter(({ role }) => role === "replica").map(({ id }) => id);
  const canonical = canonicalizer(protocol.message);
  const said = new Said(byzantine, replicas, canonical);
  const found = new Explanation({ steps, nodes, said, canonical, describe }).find();
  return { protocol: name, correct: correct.map(({ id }) => id), byzantine, steps, missing, ...found };
}

/** The protocol that the records are held against, and its nodes. */
async function heldAgainst({ heads }: Records, { byzantine = [], protocol: asked }: ConformOptions) {
  const head = [...heads.values()].find(({ node }) => !byzantine.includes(node));
  if (head === undefined)
    throw new UserError(
      "bad-option",
      "Every node with a record is said to be Byzantine: there is nothing to explain.",
    );
  const name = asked ?? head.protocol;
  const { protocol } = await findProtocol(name);
  const config = head.config as unknown as Config;
  const specs = nodesOf(protocol, config);
  for (const node of [...heads.keys(), ...byzantine])
    if (!specs.some(({ id }) => id === node))
      throw new UserError(
        "bad-option",
        `There is no node ${node} in this cluster: it has ${specs.map(({ id }) => id).join(", ")}.`,
      );
  return { protocol, name, specs, config };
}

/** What an explanation needs. */
interface ExplanationDependencies {
  readonly steps: readonly RecordedStep[];
  readonly nodes: ReadonlyMap<NodeId, ExplainedNode>;
  readonly said: Said;
  readonly canonical: Canonicalizer;
  readonly describe: Describer;
}

/** Explains one step after the other. */
class Explanation {
  readonly #deps: ExplanationDependencies;

  constructor(dependencies: ExplanationDependencies) {
    this.#deps = dependencies;
  }

  find(): { readonly explained: number; readonly rejection: Rejection | null } {
    for (const [index, step] of this.#deps.steps.entries()) {
      const { node } = step;
      const reason = this.#unsaid(index, step) ?? this.#deps.nodes.get(node)!.take(this.#received(step));
      if (reason !== null) {
        const number = step.clock[node]!;
        return { explained: index, rejection: { node, number, step, what: this.#words(step), reason } };
      }
      this.#deps.said.add(node, step.effects);
    }
    return { explained: this.#deps.steps.length, rejection: null };
  }

  /** The step with its message as the node has received it: in canonical form. A behaviour may look at the order of keys. */
  #received(step: RecordedStep): RecordedStep {
    const { input } = step;
    if (input.kind !== "message") return step;
    const message = this.#deps.canonical(input.message);
    return message instanceof SchemaMismatch ? step : { ...step, input: { ...input, message } };
  }

  /** Why a message cannot have come, or null. */
  #unsaid(index: number, step: RecordedStep): string | null {
    const { node, input } = step;
    if (input.kind !== "message") return null;
    const { from, via = from, again } = input;
    const message = this.#deps.canonical(input.message);
    if (message instanceof SchemaMismatch) return `that is no message of the protocol: ${message}`;
    const author = Said.authorOf(message, via);
    if (author !== from) return `it takes the message for one of ${from}, and it is one of ${author}`;
    if (again) return null; // it came before
    if (!this.#deps.said.isByzantine(via)) {
      if (!this.#deps.nodes.has(via)) return `there is no node ${via}`;
      return this.#deps.said.wasSent(via, node, message) ? null : this.#notSent(via, node, message);
    }
    const later = () => this.#deps.steps.slice(index);
    if (this.#deps.said.canBeSaid(message, step, later)) return null;
    return `${via} is Byzantine, and can still not have said that: it would have to forge a signature or a certificate`;
  }

  #notSent(via: NodeId, node: NodeId, message: Json): string {
    const others = this.#deps.said.sendersOf(node, message, [...this.#deps.nodes.keys()]);
    const hint = others.length > 0 ? `; ${others.join(" and ")} has` : "";
    return `${via} has not sent that to ${node} by then${hint}`;
  }

  #words({ node, input }: RecordedStep): string {
    switch (input.kind) {
      case "start":
        return `${node} begins`;
      case "restart":
        return `${node} begins again after a crash`;
      case "timer":
        return `${node}'s timer ${input.timer} expires`;
      case "request":
        return `${node} is given the request ${this.#deps.describe.message(input.request)}`;
      case "message": {
        const { from, via, message, again } = input;
        const sent = via === undefined ? from : `${from}, sent by ${via},`;
        return `${node} ${again ? "looks again at" : "receives"} from ${sent}: ${this.#deps.describe.message(message)}`;
      }
    }
  }
}
