// A class as a protocol: its nodes, its requests, and what is reported besides verdicts.

import { basename } from "node:path";
import * as Schema from "effect/Schema";
import { calling, UserError } from "../model/errors.js";
import {
  type Adversary,
  type Config,
  clientIds,
  type Json,
  type Property,
  type Protocol,
  replicaIds,
} from "../protocol/index.js";
import { resilienceKinds } from "../protocol/resilience.js";
import { realAdversaries } from "./adversaries.js";
import {
  behaviourOf,
  digestOf,
  type NodeBehaviour,
  type NodeOptions,
  type Signer,
  textOf,
} from "./behaviour.js";
import type { Bundle } from "./bundle.js";
import { clientOf } from "./client.js";
import type { RealOptions } from "./definition.js";
import { Instances, type Making } from "./instances.js";
import { realProperties } from "./properties.js";
import { Realm } from "./realm.js";
import { type Sight, sights } from "./sight/levels.js";
import { seeing } from "./sight/seeing.js";
import { Snapshots } from "./snapshot.js";
import { trafficOf } from "./traffic.js";

/** A class of somebody's own, loaded. */
export interface RealProtocol {
  readonly protocol: Protocol<Json, Json>;
  readonly options: RealOptions<unknown>;
  /** The Byzantine nodes that there are for any class, besides the generic ones; the weakest first. */
  readonly adversaries: readonly Adversary<Json>[];
  /** The properties that the file exports. */
  readonly properties: readonly Property[];
  readonly bundle: Bundle;
  /** What evaluations have come to so far. */
  counts(): Counts;
}

type Counts = Instances["counts"];

/** Makes a protocol of a bundle. `path`: as the user has written it, for messages. */
export function realProtocol(bundle: Bundle, path: string): RealProtocol {
  const asItIs = new Realm(bundle, path);
  const options = optionsOf(asItIs, path);
  const { see = "graph", ask = "any-time" } = options;
  const seen = seeing(bundle, see);
  const realm = see === "graph" ? asItIs : new Realm(seen, path);
  const making = makingIn(realm, see, { bundle, seen, path, options });
  const signer = signerIn(realm, path);
  const requests = (options.requests ?? defaultRequests) as readonly Json[];
  const nodes = new Nodes(making, { path, requests, signer, ask });
  const protocol: Protocol<Json, Json> = {
    name: options.name ?? basename(path).replace(/(\.real)?\.[cm]?[jt]s$/, ""),
    summary: options.summary ?? `the class that ${basename(path)} describes`,
    message: Schema.Unknown as never,
    nodes: (config) => nodes.in(config),
    slowSteps: true,
    exactTimers: true,
    ...(options.resilience && { resilience: options.resilience }),
    ...askingFor(requests, path),
    notes: () => {
      // The runs were perhaps made in other threads.
      const { last } = nodes;
      if (last !== null && nodes.counts().evaluations === 0) trafficOf(protocol, { ...last, clients: false });
      return notesOf(realm, making.snapshots, making.clock);
    },
  };
  return {
    protocol,
    adversaries: realAdversaries({ protocol, code: bundle.code, signer }),
    options,
    properties: realProperties(realm, path),
    bundle,
    counts: () => nodes.counts(),
  };
}

/** What instances in a realm are made with. `seen`: the bundle as this level of sight has rewritten it. */
function makingIn(
  realm: Realm,
  sight: Sight,
  file: {
    readonly bundle: Bundle;
    readonly seen: Bundle;
    readonly path: string;
    readonly options: RealOptions<unknown>;
  },
): Making {
  const { bundle, seen, path, options } = file;
  const { random = [0.5], disk = "atomic", clock = "stands", tickMs = 1000, unordered = false } = options;
  return {
    ...{ realm, random, disk, clock, tickMs },
    snapshots: new Snapshots(realm.inside, { unordered, closures: sight !== "graph" }),
    *closer() {
      for (const closer of sights.slice(sights.indexOf(sight) + 1)) {
        const more = seeing(bundle, closer, true);
        yield [closer, makingIn(new Realm(more, path), closer, { ...file, seen: more })];
      }
    },
    afresh: () => makingIn(new Realm(seen, path), sight, file),
  };
}

/** The nodes of a class; those of one name and configuration share their instances. */
class Nodes {
  readonly #making: Making;
  readonly #options: NodeOptions;
  readonly #known = new Map<string, { readonly instances: Instances; readonly behaviour: NodeBehaviour }>();
  /** The configuration that was asked for last; null if none was. */
  last: Config | null = null;

  constructor(making: Making, options: NodeOptions) {
    this.#making = making;
    this.#options = options;
  }

  in(config: Config): ReturnType<Protocol<Json, Json>["nodes"]> {
    this.last = config;
    const clients = config.clients ? clientIds(config) : [];
    return [
      ...replicaIds(config).map((id) => {
        return { id, role: "replica" as const, behaviour: this.#behaviourOf(id, config) };
      }),
      ...clients.map((id) => {
        return { id, role: "client" as const, behaviour: clientOf(digestOf) };
      }),
    ];
  }

  #behaviourOf(self: string, config: Config): NodeBehaviour {
    const key = `${self} ${JSON.stringify(config)}`;
    const known = this.#known.get(key);
    if (known) return known.behaviour;
    const instances = new Instances(this.#making, self, replicaIds(config), config);
    const behaviour = behaviourOf(instances, this.#options);
    this.#known.set(key, { instances, behaviour });
    return behaviour;
  }

  counts(): Counts {
    const sum = { evaluations: 0, remade: 0, twoHistories: 0 };
    for (const { instances } of this.#known.values())
      for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += instances.counts[key];
    return sum;
  }
}

/** The requests of runs: the first ones of a list. With k clients, each has every k-th. */
function askingFor(
  requests: readonly Json[],
  path: string,
): Pick<Protocol<Json, Json>, "requests" | "request" | "digest" | "refuses"> {
  return {
    requests: (config) => requests.slice(0, config.requests),
    request: (config, client, number) =>
      requests[clientIds(config).indexOf(client) + (number - 1) * clientIds(config).length]!,
    digest: digestOf,
    refuses: (config) => {
      const wanted = config.requests * (config.operations ?? 1);
      return wanted > requests.length
        ? `${path} names ${requests.length} requests, so there cannot be ${wanted}.`
        : null;
    },
  };
}

const defaultRequests: readonly Json[] = Array.from({ length: 26 }, (_, index) =>
  String.fromCharCode(65 + index),
);

/** What the file says, as values of this side. */
function optionsOf(realm: Realm, path: string): RealOptions<unknown> {
  const options = JSON.parse(JSON.stringify(realm.inside.definition!.options)) as RealOptions<unknown>;
  const { random, requests, resilience, see } = options;
  const bad = (what: string) => new UserError("bad-module", `${path}: ${what}.`);
  if (see !== undefined && !sights.includes(see)) throw bad(`\`see\` must be one of ${sights.join(", ")}`);
  if (resilience !== undefined && !Object.hasOwn(resilienceKinds, resilience))
    throw bad(`\`resilience\` must be one of ${Object.keys(resilienceKinds).join(", ")}`);
  const isList = Array.isArray(random) && random.length > 0;
  if (
    random !== undefined &&
    random !== "seeded" &&
    !(isList && random.every((value) => value >= 0 && value < 1))
  )
    throw bad('`random` must be a list of numbers from 0 to below 1, or "seeded"');
  if (
    requests &&
    (requests.length === 0 || new Set(requests.map((one) => digestOf(one as Json))).size < requests.length)
  )
    throw bad("`requests` must be a list of different requests");
  return options;
}

/** Who has signed a message, as the file says. */
function signerIn(realm: Realm, path: string): Signer | null {
  const { signer } = realm.inside;
  if (!signer) return null;
  return (message) => {
    const by = calling("protocol-threw", `signer() of ${path}`, () => signer(textOf(message)));
    if (by === null || by === undefined || typeof by === "string") return by ?? null;
    throw new UserError("protocol-malformed", `signer() of ${path} must return the id of a node or null.`);
  };
}

/** What a verdict does not cover, as far as it is known by now. */
function notesOf(realm: Realm, snapshots: Snapshots, clock: "stands" | "ticks"): string[] {
  const notes: string[] = [];
  if (realm.inside.loading.clockWasRead && clock === "stands")
    notes.push(
      'the class reads the clock, which stands still: nothing is ever late (clock: "ticks" makes time an input)',
    );
  if (snapshots.sawPending)
    notes.push(
      'after some steps a promise that can be reached was pending: an async function that waits for it is not seen (see: "everything" would), and only detected if it makes a difference',
    );
  return notes;
}
