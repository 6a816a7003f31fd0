// The smallest protocols that a test needs: nodes whose states and messages are any JSON, given as plain functions.

import * as Schema from "effect/Schema";
import type { Setting } from "../../src/model/setting.js";
import type {
  Behaviour,
  Context,
  Effect,
  Event,
  Input,
  Json,
  Outcomes,
  Protocol,
} from "../../src/protocol/index.js";
import { replicaIds } from "../../src/protocol/index.js";

/** How the nodes of a toy behave; what is left out does nothing. */
export interface Toy {
  readonly message?: Protocol<Json, Json>["message"];
  readonly state?: Behaviour<Json, Json>["state"];
  readonly init?: (context: Context) => Outcomes<Json, Json>;
  readonly step?: (context: Context, state: Json, input: Input<Json>) => Outcomes<Json, Json>;
}

const anyJson = Schema.Unknown as unknown as Schema.Schema<Json>;

/** A step with one outcome. */
export function to(
  state: Json,
  effects: readonly Effect<Json>[] = [],
  events: readonly Event[] = [],
): Outcomes<Json, Json> {
  return [{ state, effects, events }];
}

/** A custom event without data. */
export function seen(name: string): Event {
  return { kind: "custom", name, data: null };
}

/** A protocol of replicas that all behave like `toy`. */
export function toyProtocol(toy: Toy): Protocol<Json, Json> {
  const behaviour: Behaviour<Json, Json> = {
    state: toy.state ?? anyJson,
    init: toy.init ?? (() => to(0)),
    step: toy.step ?? ((_context, state) => to(state)),
    stable: () => null,
  };
  return {
    name: "toy",
    summary: "a protocol for a test",
    message: toy.message ?? anyJson,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica" as const, behaviour })),
    requests: () => [],
    digest: (request) => (typeof request === "string" ? request : JSON.stringify(request)),
  };
}

/** Correct replicas that behave like `toy`; two unless the changes say otherwise. */
export function toySetting(toy: Toy, changes: Partial<Setting> = {}): Setting {
  return {
    protocol: toyProtocol(toy),
    config: { replicas: 2, faults: 0, requests: 0, slots: 0, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0 },
    properties: [],
    ...changes,
  };
}
