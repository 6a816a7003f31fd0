// Puts words into replicas' mouths: short names for PBFT's messages, and a driver that shows what a node does in short
// sentences, so that a test reads like a run in the paper. Everything that the driver hands over is deeply frozen: a step
// function that mutates its input throws.

import { deepFreeze } from "../../../src/model/plain-json.js";
import {
  authenticate,
  type Behaviour,
  type Certificate,
  type Config,
  certificate,
  collection,
  type Effect,
  type Event,
  type Input,
  type Json,
  type NodeId,
  type Protocol,
  replicaIds,
  type Signed,
  type Step,
  sign,
} from "../../../src/protocol/index.js";
import type {
  Body,
  Checkpoint,
  Message,
  NewView,
  PrePrepare,
  Prepared,
  Request,
  Snapshot,
  Value,
  ViewChange,
} from "../../../src/protocols/pbft/messages.js";
import { pbft } from "../../../src/protocols/pbft/protocol.js";
import { backupsOf, primaryOf, quorumSize } from "../../../src/protocols/pbft/quorums.js";
import { digestOf, requestsOf, resultOf } from "../../../src/protocols/pbft/requests.js";
import { type Proposal, pbftRules } from "../../../src/protocols/pbft/rules.js";
import { digestOfSnapshot } from "../../../src/protocols/pbft/snapshots.js";
import type { ReplicaState } from "../../../src/protocols/pbft/state.js";

/** n = 4, f = 1, two requests, one slot, no clients. */
export const four: Config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
/** The same with three slots and three requests. */
export const threeSlots: Config = { ...four, requests: 3, slots: 3 };

const [a, b, c] = requestsOf(threeSlots);
/** The requests of the clients c0, c1 and c2. */
export const A = a!;
export const B = b!;
export const C = c!;
/** A request in c0's name that the replica r0 has signed. */
export const forged: Signed<Request> = sign("r0", { ...A.body, timestamp: 2, operation: "F" });

type MaybeRequest = Value;

export function prePrepare(view: number, slot: number, request: MaybeRequest, by = primaryOf(four, view)) {
  const body: PrePrepare = { tag: "pre-prepare", view, slot, digest: digestOf(request), request };
  return sign(by, body);
}

export function prepare(by: NodeId, view: number, slot: number, request: MaybeRequest): Message {
  return sign<Body>(by, { tag: "prepare", view, slot, digest: digestOf(request) });
}

export function commit(by: NodeId, view: number, slot: number, request: MaybeRequest): Message {
  return sign<Body>(by, { tag: "commit", view, slot, digest: digestOf(request) });
}

/** The certificate of a request that prepared. */
export function prepared(view: number, slot: number, request: MaybeRequest, config = four): Prepared {
  const vote = { tag: "prepare" as const, view, slot, digest: digestOf(request) };
  return {
    tag: "prepared",
    prePrepare: prePrepare(view, slot, request, primaryOf(config, view)),
    prepares: certificate(vote, quorumSize(config) - 1, backupsOf(config, view)),
  };
}

export function viewChange(
  by: NodeId,
  view: number,
  certificates: readonly Prepared[] = [],
): Signed<ViewChange> {
  return sign(by, { tag: "view-change", view, stable: 0, prepared: certificates });
}

/** A new-view of the primary of `view`; with the proposals that follow from V, unless others are given. */
export function newView(
  view: number,
  viewChanges: readonly Signed<ViewChange>[],
  proposals: readonly Proposal[] = pbftRules.proposalsFrom(
    pbftRules,
    viewChanges.map(({ body }) => body),
  ),
): Signed<NewView> {
  const primary = primaryOf(four, view);
  const signed = proposals.map(({ slot, request }) => prePrepare(view, slot, request, primary));
  return sign(primary, { tag: "new-view", view, viewChanges: collected(viewChanges), proposals: signed });
}

/** V: these view-changes, without their signers. */
export function collected(viewChanges: readonly Signed<ViewChange>[]): NewView["viewChanges"] {
  const senders = new Set(viewChanges.map(({ signer }) => signer));
  const bodies = new Map(viewChanges.map(({ body }) => [JSON.stringify(body), body]));
  return collection([...bodies.values()], senders.size, [...new Set([...replicaIds(four), ...senders])]);
}

/** The same slots with a checkpoint after each, one slot at a time. */
export const checkpointed: Config = { ...threeSlots, checkpointInterval: 1, window: 1 };

/** The state after these requests, in this order. */
export function snapshotAfter(...requests: readonly Signed<Request>[]): Snapshot {
  return {
    history: requests.map((request) => digestOf(request)).join(" "),
    executed: requests.length,
    replies: requests.map(({ body: { client, timestamp } }, index) => ({
      client,
      timestamp,
      result: resultOf(requests[index]!.body, index + 1),
    })),
  };
}

/** Checkpoint messages after these requests, one for each slot. */
export function checkpoint(by: NodeId, ...requests: readonly Signed<Request>[]): Message {
  return sign<Body>(by, checkpointBody(...requests));
}

function checkpointBody(...requests: readonly Signed<Request>[]): Checkpoint {
  return { tag: "checkpoint", slot: requests.length, digest: digestOfSnapshot(snapshotAfter(...requests)) };
}

/** Proof of the checkpoint after these requests. */
export function stableProof(requests: readonly Signed<Request>[], atLeast = 3): Certificate<Checkpoint> {
  return certificate(checkpointBody(...requests), atLeast, replicaIds(four));
}

/** The state after these requests, as somebody sends it; another one, if it is given. */
export function stateTransfer(
  by: NodeId,
  requests: readonly Signed<Request>[],
  snapshot: Snapshot = snapshotAfter(...requests),
  atLeast = 3,
): Message {
  return sign<Body>(by, {
    tag: "state",
    slot: requests.length,
    snapshot,
    proof: stableProof(requests, atLeast),
  });
}

export function read(by: NodeId, timestamp = 1): Message {
  return sign<Body>(by, { tag: "read", client: by, timestamp });
}

export function readReply(by: NodeId, client: NodeId, timestamp: number, result: string): Message {
  return sign<Body>(by, { tag: "read-reply", client, timestamp, result });
}

/** The same configuration with authenticators, and A with one that convinces these. */
export const authenticated: Config = { ...four, authentication: "authenticators" };
export function AFor(...replicas: readonly NodeId[]): Signed<Request> {
  return authenticate("c0", A.body, replicas);
}

export function fetch(by: NodeId, slot: number): Message {
  return sign<Body>(by, { tag: "fetch", slot });
}

export function reply(by: NodeId, request: Signed<Request>, result: string): Message {
  const { client, timestamp } = request.body;
  return sign<Body>(by, { tag: "reply", view: 0, client, timestamp, result });
}

/** What happens to a node: a message arrives, its timer runs out, or its environment hands it a request. */
export type Happening = Message | "timeout" | { readonly submit: Signed<Request> };

/** A node after some happenings, and what it did at each of them. */
export interface Ran<State> {
  readonly state: State;
  readonly history: readonly (readonly string[])[];
  /** What it did at the last one. */
  readonly last: readonly string[];
}

interface Surroundings<State> {
  readonly config?: Config;
  readonly protocol?: Protocol<Json, Json>;
  /** Where to begin. Default: the node's own start. */
  readonly state?: State;
}

/** PBFT as the model sees it. */
export const correctPbft = pbft() as unknown as Protocol<Json, Json>;

/** Runs a node on happenings none of which leaves it a choice. */
export function drive<State = ReplicaState>(
  self: NodeId,
  happenings: readonly Happening[],
  surroundings: Surroundings<State> = {},
): Ran<State> {
  const history: (readonly string[])[] = [];
  let state = surroundings.state ?? start<State>(self, surroundings).state;
  for (const happening of happenings) {
    const outcomes = outcomesOf(self, state, happening, surroundings);
    if (outcomes.length !== 1) throw new Error(`${self} has ${outcomes.length} choices`);
    state = outcomes[0]!.state;
    history.push(deeds(outcomes[0]!));
  }
  return { state, history, last: history.at(-1) ?? [] };
}

/** All outcomes of one happening. */
export function outcomesOf<State>(
  self: NodeId,
  state: State,
  happening: Happening,
  surroundings: Surroundings<State> = {},
): readonly Step<State, Message>[] {
  const { config = four } = surroundings;
  const input = deepFreeze(inputOf(happening) as unknown as Json) as unknown as Input<Message>;
  deepFreeze(state as Json);
  return behaviourOf<State>(self, surroundings).step({ self, config }, state, input);
}

function start<State>(self: NodeId, surroundings: Surroundings<State>): Step<State, Message> {
  const { config = four } = surroundings;
  return behaviourOf<State>(self, surroundings).init({ self, config }, { kind: "start" })[0]!;
}

export function behaviourOf<State>(
  self: NodeId,
  { config = four, protocol = correctPbft }: Surroundings<State> = {},
): Behaviour<State, Message> {
  const { behaviour } = protocol.nodes(config).find((node) => node.id === self)!;
  return behaviour as Behaviour<Json, Json> as unknown as Behaviour<State, Message>;
}

function inputOf(happening: Happening): Input<Message> {
  if (happening === "timeout") return { kind: "timer", timer: "view-change" };
  if ("submit" in happening) return { kind: "request", request: happening.submit as unknown as Json };
  return { kind: "message", from: happening.signer, message: happening };
}

/** What a step does, in short sentences: its effects, then its events. */
export function deeds({ effects, events }: Pick<Step<unknown, Message>, "effects" | "events">): string[] {
  return [...effects.map(effectText), ...events.map(eventText)];
}

function effectText(effect: Effect<Message>): string {
  switch (effect.kind) {
    case "broadcast":
      return messageText(effect.message.body);
    case "send":
      return `${messageText(effect.message.body)} -> ${effect.to}`;
    case "set-timer":
      return `set-timer ${effect.delay ?? 1}`;
    case "cancel-timer":
      return "cancel-timer";
    case "defer":
      return `defer ${effect.key}`;
  }
}

function eventText(event: Event): string {
  switch (event.kind) {
    case "executed":
      return `executed ${nameOf(event.request)} at slot ${event.slot} as number ${event.position}`;
    case "invoked":
      return `invoked ${nameOf(event.request)}`;
    case "accepted":
      return `accepted ${event.result} for ${nameOf(event.request)}`;
    case "custom":
      return `${event.name} ${typeof event.data === "object" ? JSON.stringify(event.data) : event.data}`;
  }
}

function messageText(body: Body): string {
  switch (body.tag) {
    case "request":
      return `request(${body.operation})`;
    case "pre-prepare":
    case "prepare":
    case "commit":
      return `${body.tag}(${body.view}, ${body.slot}, ${nameOf(body.digest)})`;
    case "read":
      return `read(${body.timestamp})`;
    case "reply":
    case "read-reply":
      return `${body.tag}(${body.result})`;
    case "view-change":
      return `view-change(${[body.view, ...(body.stable > 0 ? [`stable ${body.stable}`] : []), ...body.prepared.map(certificateText)].join(", ")})`;
    case "new-view": {
      const { bodies, atLeast } = body.viewChanges;
      const said = bodies.map(({ prepared }) => prepared.map(certificateText).join("+") || "nothing");
      const sayings = [...new Set(said)].sort();
      const proposals = body.proposals.map((p) => `${p.body.slot}:${nameOf(p.body.digest)}`);
      return `new-view(${[body.view, `${atLeast} say ${sayings.join(" or ")}`, ...proposals].join(", ")})`;
    }
    case "checkpoint":
      return `checkpoint(${body.slot}, ${body.digest})`;
    case "fetch":
      return `fetch(${body.slot})`;
    case "state":
      return `state(${body.slot}, ${body.snapshot.history}, ${body.snapshot.executed})`;
  }
}

function certificateText({ prePrepare: { body } }: Prepared): string {
  return `${body.slot}:${nameOf(body.digest)} of view ${body.view}`;
}

/** "c0:1:A" is called A. */
function nameOf(digest: string): string {
  return digest.split(":").at(-1)!;
}

/** A request's way through view 0 at r1 (a backup), up to its execution at `slot`. */
export function committed(slot: number, request: Signed<Request>): Message[] {
  return [
    prePrepare(0, slot, request),
    prepare("r2", 0, slot, request),
    commit("r0", 0, slot, request),
    commit("r2", 0, slot, request),
  ];
}
