// Conformance of others' records: is there an execution of the model that explains them, read through a mapping? The explanations that are alive
// go from event to event; where none is left, each of the last ones says what stops it.

import { findProtocol } from "../../catalogue/index.js";
import { canonicalizer } from "../../model/canonical.js";
import { UserError } from "../../model/errors.js";
import { nodesOf } from "../../model/setting.js";
import { requestsFor } from "../../model/starts.js";
import { didYouMean } from "../../protocol/did-you-mean.js";
import type { Config, Json, NodeId, NodeSpec, Protocol } from "../../protocol/index.js";
import type { RecordedStep } from "../../records/index.js";
import { type Candidate, Candidates, stepsOf } from "./candidates.js";
import { evaluated, holds, type Scope } from "./expression.js";
import { Following, type MappedModel } from "./following.js";
import type { ForeignRecord } from "./foreign.js";
import type { MapFile, MapRule } from "./map-file.js";

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
  const run = new MappedRun({ map, protocol, specs, config });
  for (const record of records) run.take(record);
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

class MappedRun {
  readonly #map: MapFile;
  readonly #specs: readonly NodeSpec<Json>[];
  readonly #candidates: Candidates;
  readonly #following: Following;
  readonly #constants: { readonly [name: string]: Json };
  #alive: Candidate[];
  #events = 0;
  #explained = 0;
  #skipped = 0;
  #unmapped: { count: number; first: string | null } = { count: 0, first: null };
  readonly #ignored: { [reason: string]: number } = {};
  #rejection: MappedConformance["rejection"] = null;

  constructor(model: MappedModel) {
    const { map, protocol, specs, config } = model;
    this.#map = map;
    this.#specs = specs;
    const { byzantine = [] } = map;
    this.#candidates = new Candidates(specs, byzantine, config, canonicalizer(protocol.message as never));
    this.#following = new Following(model, this.#candidates);
    this.#constants = (map.constants ?? {}) as { readonly [name: string]: Json };
    const requestsOf = ({ id, role }: NodeSpec<Json>) =>
      map.given === true ? requestsFor({ protocol, config }, id, role) : [];
    this.#alive = this.#candidates.starts(requestsOf);
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

  /** Takes a record. Behind one that nothing explains the others are only counted. */
  take({ record, place }: ForeignRecord): void {
    const scope: Scope = { record, place, constants: this.#constants, nodes: this.#map.nodes };
    if (this.#isSkipped(scope)) {
      this.#skipped++;
      return;
    }
    this.#events++;
    if (this.#rejection !== null) return;
    const rule = this.#map.rules.find(({ when }) => holds(when, scope));
    if (rule === undefined) {
      this.#unmapped.count++;
      this.#unmapped.first ??= place;
    } else if (rule.ignore !== undefined) this.#ignored[rule.ignore] = (this.#ignored[rule.ignore] ?? 0) + 1;
    else if (!this.#explain(rule, scope)) return;
    this.#explained++;
  }

  /** Where nothing is explained any more, a record that cannot be read is one that counts: what was found before it is told. */
  #isSkipped(scope: Scope): boolean {
    try {
      return this.#map.skip?.some((conditions) => holds(conditions, scope)) ?? false;
    } catch (error) {
      if (this.#rejection === null) throw error;
      return false;
    }
  }

  #explain(rule: MapRule, scope: Scope): boolean {
    const node = this.#nodeOf(rule, scope);
    const reasons = new Map<string, number>();
    const next: Candidate[] = [];
    for (const candidate of this.#guessed(node, scope)) {
      const followed = this.#following.rule(rule, node, candidate, scope);
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
          const taken = this.#following.input(input, undefined, node, candidate, scope);
          return "next" in taken ? taken.next : [];
        }),
      );
      all = this.#candidates.distinct([...all, ...last]);
    }
    return all;
  }
}
