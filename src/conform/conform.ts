// Conformance: is there an execution of the model that explains these records? Every input of a correct node is recorded, so its behaviour is
// run again with them: it must do what the record says. What it received must have been sent to it before, or be something that a
// Byzantine node can say. Nodes without a record are taken for Byzantine.
//
// A message may be received any number of times, later, or never, as on the model's network `async`: what was sent and not received needs no
// explanation.

import { findProtocol } from "../catalogue/index.js";
import { canonicalizer } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { nodesOf } from "../model/setting.js";
import { sortedText } from "../model/sorted-text.js";
import type { Config, Json, NodeId, NodeSpec, Protocol } from "../protocol/index.js";
import { merged, NodeRun, type RecordedStep, type RecordHead, type Records } from "../records/index.js";
import { describer } from "../render/describe.js";
import { type Candidate, Explanation } from "./explanation.js";
import { besideOtherCode, otherCodeIn } from "./other-code.js";
import { Said } from "./said.js";

/** What records are held against. */
export interface ConformOptions {
  /** Nodes whose records are not believed. Default: those that have none. */
  readonly byzantine?: readonly NodeId[];
  /** The protocol instead of the one that the records name. */
  readonly protocol?: string;
}

/** What was found. */
export interface Conformance {
  readonly protocol: string;
  readonly correct: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  /** All steps of correct nodes, in an order that agrees with their clocks. */
  readonly steps: readonly RecordedStep[];
  /** The longest prefix that an execution explains, in its order. */
  readonly order: readonly RecordedStep[];
  /** How many steps are explained. */
  readonly explained: number;
  /** The first of the frontier. Null: all are explained. */
  readonly rejection: Candidate | null;
  /** The next step of each node that has one, and why it does not come next; those that wait for other nodes come last. */
  readonly frontier: readonly Candidate[];
  /** By node: how many steps others know of that its record lacks at its end. */
  readonly missing: { readonly [node: NodeId]: number };
  /** How the code that wrote the records differs from the present one, in sentences. If it does, a rejection may come of that. */
  readonly otherCode: readonly string[];
}

/** Holds records against the model. @throws {UserError} if they are none of one cluster. */
export async function conform(records: Records, options: ConformOptions = {}): Promise<Conformance> {
  const held = await heldAgainst(records, options);
  const { byzantine = [] } = options;
  const believed = [...records.heads.values()].filter(({ node }) => !byzantine.includes(node));
  const otherCode = await otherCodeIn(believed, held.name);
  return besideOtherCode(held.name, otherCode, () => ({ ...conformTo(held, records, options), otherCode }));
}

/** What records are held against. */
export interface HeldAgainst {
  readonly protocol: Protocol<Json, Json>;
  readonly name: string;
  readonly specs: readonly NodeSpec<Json>[];
  readonly config: Config;
}

/** The same with a protocol that has no name. */
export function conformTo(
  { protocol, name, specs, config }: HeldAgainst,
  records: Records,
  { byzantine: named = [] }: Pick<ConformOptions, "byzantine"> = {},
): Conformance {
  const isCorrect = (node: NodeId) => records.heads.has(node) && !named.includes(node);
  const correct = specs.filter(({ id }) => isCorrect(id));
  const byzantine = specs.map(({ id }) => id).filter((id) => !isCorrect(id));
  const heads = new Map([...records.heads].filter(([node]) => isCorrect(node)));
  refuseOtherConfigs([...heads.values()]);
  const { steps, missing } = merged({ heads, steps: records.steps.filter(({ node }) => isCorrect(node)) });
  const describe = describer(protocol, config);
  const configOf = (node: NodeId) => heads.get(node)!.config as unknown as Config;
  const nodes = new Map(correct.map((spec) => [spec.id, new NodeRun(protocol, spec, configOf(spec.id))]));
  const replicas = specs.filter(({ role }) => role === "replica").map(({ id }) => id);
  const canonical = canonicalizer(protocol.message);
  const said = new Said(byzantine, replicas, canonical);
  const { order, frontier } = new Explanation({ steps, nodes, said, canonical, describe }).find();
  return {
    ...{ protocol: name, correct: correct.map(({ id }) => id), byzantine, steps, missing },
    ...{ order, explained: order.length, rejection: frontier[0] ?? null, frontier, otherCode: [] },
  };
}

/** The protocol that the records are held against, and its nodes. */
async function heldAgainst(
  { heads }: Records,
  { byzantine = [], protocol: asked }: ConformOptions,
): Promise<HeldAgainst> {
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

/** One execution has one configuration. How much a client asks for, and when (`operations`, `paced`), only that client knows. */
function refuseOtherConfigs([first, ...others]: readonly RecordHead[]): void {
  const textOf = ({ config: { operations: _, paced: __, ...config } }: RecordHead) => sortedText(config);
  for (const other of others)
    if (textOf(other) !== textOf(first!))
      throw new UserError(
        "bad-file",
        `the records of ${first!.node} and ${other.node} have different configurations: ${textOf(first!)} and ${textOf(other)}.`,
      );
}
