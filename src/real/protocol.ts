// A class as a protocol: `step` is an evaluation in the realm. The state is the text of a snapshot, together
// with a history that leads to it, from which every thread, process and file can make an instance in that
// state.

import { basename } from "node:path";
import * as Schema from "effect/Schema";
import { calling, UserError } from "../model/errors.js";
import {
  type Adversary,
  type Behaviour,
  type Config,
  clientIds,
  type Effect,
  type Event,
  type Input,
  type Json,
  marked,
  type Outcomes,
  type Property,
  type Protocol,
  replicaIds,
  type Step,
  sign,
} from "../protocol/index.js";
import { bodyOf, realAdversaries } from "./adversaries.js";
import type { Bundle } from "./bundle.js";
import { answerTo, askedIn, clientOf } from "./client.js";
import type { RealOptions } from "./definition.js";
import { type Entry, historyOf } from "./history.js";
import { Instances, type Making, type Result } from "./instances.js";
import { realProperties } from "./properties.js";
import { Realm } from "./realm.js";
import { shownSnapshot } from "./show.js";
import { type Sight, sights } from "./sight/levels.js";
import { seeing } from "./sight/seeing.js";
import { Snapshots } from "./snapshot.js";
import { trafficOf } from "./traffic.js";

/** See the file comment. */
interface State {
  readonly at: string;
  readonly view: number;
  readonly history: unknown;
}

const State = Schema.Struct({
  at: Schema.String,
  view: Schema.Number,
  history: marked(Schema.Unknown, "beside"),
});

/** Delays are in multiples of a protocol's base timeout; of a class that is the one that `--timeout` says if nobody says anything. */
const baseTimeoutMs = 500;
/** A client asks at once, and soon again if it is refused. */
const askingDelay = 0.02;
/** Timers of this name stand for requests that wait until the node can take them. */
const requestPrefix = "request ";

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
  counts(): { readonly evaluations: number; readonly remade: number; readonly twoHistories: number };
}

/** Makes a protocol of a bundle. `path`: as the user has written it, for messages. */
export function realProtocol(bundle: Bundle, path: string): RealProtocol {
  const asItIs = new Realm(bundle, path);
  const options = optionsOf(asItIs, path);
  const { see = "graph" } = options;
  const seen = seeing(bundle, see);
  const realm = see === "graph" ? asItIs : new Realm(seen, path);
  const { random = [0.5], disk = "atomic", clock = "stands", tickMs = 1000, unordered = false } = options;
  const makingIn = (realm: Realm, shown: Bundle, sight: Sight): Making => ({
    ...{ realm, random, disk, clock, tickMs },
    snapshots: new Snapshots(realm.inside, { unordered, closures: sight !== "graph" }),
    *closer() {
      for (const closer of sights.slice(sights.indexOf(sight) + 1)) {
        const more = seeing(bundle, closer, true);
        yield [closer, makingIn(new Realm(more, path), more, closer)];
      }
    },
    afresh: () => makingIn(new Realm(shown, path), shown, sight),
  });
  const making = makingIn(realm, seen, see);
  const signer = signerIn(realm, path);
  const nodes = new Map<string, { readonly instances: Instances; readonly behaviour: NodeBehaviour }>();
  let last: Config | null = null;
  const nodeOf = (self: string, config: Config) => {
    last = config;
    const key = `${self} ${JSON.stringify(config)}`;
    const known = nodes.get(key);
    if (known) return known;
    const instances = new Instances(making, self, replicaIds(config), config);
    const node = {
      instances,
      behaviour: behaviourOf(instances, { path, requests, signer, ask: options.ask ?? "any-time" }),
    };
    nodes.set(key, node);
    return node;
  };
  const requests = (options.requests ?? defaultRequests) as readonly Json[];
  const name = options.name ?? basename(path).replace(/(\.real)?\.[cm]?[jt]s$/, "");
  const protocol: Protocol<Json, Json> = {
    name,
    summary: options.summary ?? `the class that ${basename(path)} describes`,
    message: Schema.Unknown as never,
    nodes: (config: Config) => [
      ...replicaIds(config).map((id) => {
        const { behaviour } = nodeOf(id, config);
        return { id, role: "replica" as const, behaviour };
      }),
      ...(config.clients ? clientIds(config) : []).map((id) => {
        return { id, role: "client" as const, behaviour: clientOf(digestOf) };
      }),
    ],
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
    notes: () => {
      // The runs were perhaps made in other threads.
      if (last !== null && counts().evaluations === 0) trafficOf(protocol, { ...last, clients: false });
      return notesOf(realm, making.snapshots, clock);
    },
  };
  const counts = () => {
    const sum = { evaluations: 0, remade: 0, twoHistories: 0 };
    for (const { instances } of nodes.values())
      for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += instances.counts[key];
    return sum;
  };
  return {
    protocol,
    adversaries: realAdversaries({ protocol, code: bundle.code, signer }),
    options,
    properties: realProperties(realm, path),
    bundle,
    counts,
  };
}

const defaultRequests: readonly Json[] = Array.from({ length: 26 }, (_, index) =>
  String.fromCharCode(65 + index),
);

function digestOf(request: Json): string {
  return typeof request === "string" ? request : JSON.stringify(request);
}

/** What the file says, as values of this side. */
function optionsOf(realm: Realm, path: string): RealOptions<unknown> {
  const options = JSON.parse(JSON.stringify(realm.inside.definition!.options)) as RealOptions<unknown>;
  const { random, requests, see } = options;
  const bad = (what: string) => new UserError("bad-module", `${path}: ${what}.`);
  if (see !== undefined && !sights.includes(see)) throw bad(`\`see\` must be one of ${sights.join(", ")}`);
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

type NodeBehaviour = Behaviour<State, Json, string, Json, Json>;

/** What the behaviour of a node depends on besides its instances. */
interface Ways {
  readonly path: string;
  readonly requests: readonly Json[];
  readonly ask: "any-time" | "at-start";
  readonly signer: Signer | null;
}

type Signer = (message: Json) => string | null;

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

function behaviourOf(instances: Instances, ways: Ways): NodeBehaviour {
  // The model asks twice; the comparison is made in here, from two histories.
  let last: { state: State; input: Input<Json>; outcomes: Outcomes<State, Json> } | null = null;
  return {
    state: State as never,
    init: ({ config }, from) => {
      if (from.kind === "start") return outcomesOf(instances.start(null), null, ways, config);
      const outcomes = outcomesOf(instances.start(JSON.stringify(from.stable)), null, ways, config);
      // Clients that were not answered ask again.
      const again = ways.ask === "any-time" && !config.clients ? ways.requests.slice(0, config.requests) : [];
      const asked = again.map(
        (request): Effect<Json> => ({
          kind: "set-timer",
          timer: requestPrefix + digestOf(request),
          delay: askingDelay,
        }),
      );
      return outcomes.map((outcome) => ({ ...outcome, effects: [...outcome.effects, ...asked] }));
    },
    step: ({ config }, state, input) => {
      if (last?.state === state && last.input === input) return last.outcomes;
      const request = input.kind === "message" ? askedIn(input.from, input.message, config) : undefined;
      const asked: Input<Json> = request === undefined ? input : { kind: "request", request };
      const outcomes = step(instances, state, asked, ways, config);
      last = { state, input, outcomes };
      return outcomes;
    },
    stable: (state) => {
      const text = instances.stable(state.at, historyOf(state.history));
      if (text !== null) return JSON.parse(text) as Json;
      throw new UserError(
        "bad-option",
        `What survives a crash is not known: have the replica in ${ways.path} return stable: () => ({ ... }), which comes back as io.restored; or use --losing nothing.`,
      );
    },
    view: ({ view }) => view,
    show: ({ at }) => shownSnapshot(at),
  };
}

function step(
  instances: Instances,
  state: State,
  input: Input<Json>,
  ways: Ways,
  config: Config,
): Outcomes<State, Json> {
  const { requests, ask, signer } = ways;
  if (input.kind === "request" && ask === "any-time") {
    // It waits until it can be taken: see `requestPrefix`.
    const timer = requestPrefix + digestOf(input.request);
    return [{ state, effects: [{ kind: "set-timer", timer, delay: askingDelay }], events: [] }];
  }
  const history = historyOf(state.history);
  if (input.kind === "timer" && input.timer.startsWith(requestPrefix)) {
    const digest = input.timer.slice(requestPrefix.length);
    const request = requests.find((one) => digestOf(one) === digest)!;
    const results = instances.step(state.at, history, ["request", JSON.stringify(request)]);
    // A node that does nothing with it (it is no leader, perhaps) can be asked again.
    return outcomesOf(results, state, ways, config).map((outcome) =>
      outcome.state === state && outcome.effects.length === 0 && outcome.events.length === 0
        ? { ...outcome, effects: [{ kind: "set-timer", timer: input.timer, delay: askingDelay }] }
        : outcome,
    );
  }
  return outcomesOf(instances.step(state.at, history, entryOf(input, signer !== null)), state, ways, config);
}

const texts = new WeakMap<object, string>();

/** The text of a message; messages are asked for again and again. */
function textOf(message: Json): string {
  if (typeof message !== "object" || message === null) return JSON.stringify(message);
  let text = texts.get(message);
  if (text === undefined) {
    text = JSON.stringify(message);
    texts.set(message, text);
  }
  return text;
}

function entryOf(input: Input<Json>, isSigning: boolean): Entry {
  switch (input.kind) {
    case "message":
      return ["message", input.from, textOf(isSigning ? bodyOf(input.message) : input.message)];
    case "timer":
      return ["timer", input.timer];
    case "request":
      return ["request", JSON.stringify(input.request)];
  }
}

/** Results as outcomes; one that leaves the state as it was keeps the object `before`. */
function outcomesOf(
  results: readonly Result[],
  before: State | null,
  { signer, requests }: Ways,
  config: Config,
): Step<State, Json>[] {
  return results.map((result) => {
    const { at, view, history, sent, said, set, cancelled, drawn } = result;
    const state = before && before.at === at && before.view === view ? before : { at, view, history };
    const signed = (text: string): Json => {
      const message = JSON.parse(text) as Json;
      const by = signer?.(message) ?? null;
      return by === null ? message : (sign(by, message) as unknown as Json);
    };
    const events = said.map((text) => withDigest(JSON.parse(text) as Event));
    const effects: Effect<Json>[] = [
      ...sent.map(
        ([to, text]): Effect<Json> =>
          to === null
            ? { kind: "broadcast", message: signed(text) }
            : { kind: "send", to, message: signed(text) },
      ),
      ...cancelled.map((timer): Effect<Json> => ({ kind: "cancel-timer", timer })),
      ...set.map(([timer, ms]): Effect<Json> => ({ kind: "set-timer", timer, delay: ms / baseTimeoutMs })),
      ...(config.clients ? events.flatMap((event) => answers(event, requests, config)) : []),
    ];
    const outcome: Step<State, Json> = { state, effects, events };
    if (results.length === 1) return outcome;
    const choices = history.entry.filter((item, index) => index > 0 && typeof item === "number");
    return { ...outcome, label: `random ${drawn.map((_, index) => choices[index] ?? 0).join(",")}` };
  });
}

/** Tells a client that its request was executed. */
function answers(event: Event, requests: readonly Json[], config: Config): Effect<Json>[] {
  if (event.kind !== "executed") return [];
  const index = requests.findIndex((one) => digestOf(one) === event.request);
  return index < 0 ? [] : [answerTo(config, index, event.request, event.result)];
}

/** Requests are told apart by their digests. */
function withDigest(event: Event): Event {
  return event.kind === "executed" ? { ...event, request: digestOf(event.request as Json) } : event;
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
