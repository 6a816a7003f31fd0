// The rules of timed runs once more, as plainly as they can be said: JSON states, step functions, lists of what was sent, and nothing in
// common with src/model/timed. By it the tests judge whether a run kept to them. (One client with one request, and adversaries that
// are no puppets.)

import { type Action, type ActionTimes, actor } from "../../src/model/action.js";
import { canonicalizer } from "../../src/model/canonical.js";
import type { Setting } from "../../src/model/setting.js";
import type { Effect, Input, Json, NodeSpec, Step } from "../../src/protocol/index.js";

interface Envelope {
  readonly to: string;
  readonly from: string;
  /** Who has sent it. */
  readonly by: string;
  /** Under which its receiver keeps it, on a network that delivers it once. */
  deferredAs: string | null;
  readonly message: Json;
  usefulSinceMs: number | null;
}

interface Node {
  readonly spec: NodeSpec<Json>;
  readonly canonical: (value: Json) => Json;
  state: Json;
  readonly timersMs: Map<string, number>;
}

/** What is wrong with a run; empty if it keeps to the rules. And when its client was served. */
export function judge(setting: Setting, actions: readonly Action[], schedule: ActionTimes) {
  const world = new NaiveTime(setting);
  world.begin();
  for (const [index, action] of actions.entries()) {
    world.goTo(schedule.timesMs[index]!);
    world.perform(action);
  }
  world.goTo(schedule.untilMs);
  return { complaints: world.complaints, servedMs: world.servedMs };
}

class NaiveTime {
  readonly complaints: string[] = [];
  servedMs: number | null = null;
  readonly #setting: Setting;
  readonly #canonical: (message: Json) => Json;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #envelopes: Envelope[] = [];
  readonly #sent = new Set<string>();
  /** Whether a message is delivered once; on `fifo` after those before it. */
  readonly #isOnce: boolean;
  #nowMs = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#isOnce = setting.network !== "async";
    this.#canonical = canonicalizer(setting.protocol.message as never) as never;
    const specs = setting.protocol.nodes(setting.config).filter(({ id }) => !setting.byzantine.includes(id));
    this.#nodes = new Map(
      specs.map((spec) => [
        spec.id,
        {
          spec,
          canonical: canonicalizer(spec.behaviour.state as never) as never,
          state: null,
          timersMs: new Map(),
        },
      ]),
    );
  }

  begin(): void {
    for (const node of this.#nodes.values())
      this.#apply(node, node.spec.behaviour.init(this.#context(node), { kind: "start" })[0]!);
    const { protocol, config } = this.#setting;
    const client = this.#nodes.get("c0")!;
    this.#apply(client, this.#step(client, { kind: "request", request: protocol.requests(config)[0]! })[0]!);
  }

  goTo(timeMs: number): void {
    for (const { to, message, usefulSinceMs } of this.#envelopes) {
      if (usefulSinceMs === null) continue;
      const deadlineMs = micro(
        Math.max(usefulSinceMs, this.#setting.timing!.gstMs) + this.#setting.timing!.deltaMs,
      );
      if (deadlineMs < timeMs) this.#complain(`${tagOf(message)} for ${to} is due at ${deadlineMs}`);
    }
    for (;;) {
      const rings = [...this.#nodes.values()].flatMap((node) =>
        [...node.timersMs].map(([timer, atMs]) => ({ node, timer, atMs })),
      );
      const [first] = rings.filter(({ atMs }) => atMs < timeMs).sort((a, b) => a.atMs - b.atMs);
      const ring =
        first ?? rings.find(({ node, timer, atMs }) => atMs === timeMs && this.#isIdle(node, timer));
      if (!ring) break;
      this.#nowMs = Math.max(this.#nowMs, ring.atMs);
      if (!this.#isIdle(ring.node, ring.timer)) {
        this.#complain(`${ring.node.spec.id}'s ${ring.timer} runs out at ${ring.atMs}`);
        break;
      }
      this.#rearm(ring.node, ring.timer);
    }
    if (timeMs < this.#nowMs) this.#complain(`time goes back to ${timeMs}`);
    this.#nowMs = timeMs;
  }

  perform(action: Action): void {
    const node = this.#nodes.get(actor(action))!;
    if (action.kind === "timer") {
      if (node.timersMs.get(action.timer) !== this.#nowMs)
        this.#complain(`${action.node}'s ${action.timer} fires at ${this.#nowMs}`);
      node.timersMs.delete(action.timer);
      this.#apply(node, chosen(this.#step(node, { kind: "timer", timer: action.timer }), action));
    } else if ("message" in action) {
      const { from, to, message } = action;
      const sent = this.#envelopes.filter((one) => one.to === to && same(one.message, message));
      if (action.kind === "deliver" && sent.length === 0)
        this.#complain(`nobody has sent ${tagOf(message)} to ${to}`);
      const step = chosen(this.#step(node, { kind: "message", from, message }), action);
      if (action.kind === "deliver" && this.#isOnce) this.#useUp(sent, action.via ?? from, step);
      this.#apply(node, step);
    } else this.#complain(`what is ${action.kind}?`);
  }

  /** The oldest of some equal messages that may come now is used up, unless it is kept for later. */
  #useUp(sent: readonly Envelope[], via: string, { effects }: Step<Json, Json>): void {
    const isNext = (one: Envelope) =>
      this.#setting.network !== "fifo" ||
      one.deferredAs !== null ||
      (one.by === via &&
        one ===
          this.#envelopes.find(
            ({ to, by, deferredAs }) => to === one.to && by === via && deferredAs === null,
          ));
    const due = sent
      .filter(isNext)
      .sort((a, b) => (a.usefulSinceMs ?? Infinity) - (b.usefulSinceMs ?? Infinity));
    const [first] = due;
    if (!first) {
      this.#complain("that is not its turn");
      return;
    }
    this.#envelopes.splice(this.#envelopes.indexOf(first), 1);
    const defer = (effects as readonly Effect<Json>[]).find(({ kind }) => kind === "defer");
    const key = defer && "key" in defer ? defer.key : null;
    if (key === null || this.#envelopes.some(({ to, deferredAs }) => to === first.to && deferredAs === key))
      return;
    this.#envelopes.push({ ...first, deferredAs: key });
  }

  #context({ spec }: Node) {
    return { self: spec.id, config: this.#setting.config };
  }

  #step(node: Node, input: Input<Json>): readonly Step<Json, Json>[] {
    return node.spec.behaviour.step(this.#context(node), node.state, input as never) as never;
  }

  #apply(node: Node, { state, effects, events }: Step<Json, Json>): void {
    node.state = node.canonical(state);
    for (const effect of effects as readonly Effect<Json>[]) {
      if (effect.kind === "set-timer")
        node.timersMs.set(
          effect.timer,
          micro(this.#nowMs + (effect.delay ?? 1) * this.#setting.timing!.timeoutMs),
        );
      if (effect.kind === "cancel-timer") node.timersMs.delete(effect.timer);
      for (const to of this.#receivers(node, effect))
        this.#send(node, to, (effect as { message: Json }).message);
    }
    if (events.some(({ kind }) => kind === "accepted")) this.servedMs = this.#nowMs;
    for (const envelope of this.#envelopes)
      if (envelope.to === node.spec.id && (!this.#isOnce || envelope.deferredAs !== null))
        this.#reassess(node, envelope);
    for (const [timer, atMs] of [...node.timersMs])
      if (atMs <= this.#nowMs && this.#isIdle(node, timer)) this.#rearm(node, timer);
  }

  #receivers(node: Node, effect: Effect<Json>): string[] {
    if (effect.kind === "send") return [effect.to];
    if (effect.kind !== "broadcast") return [];
    const { replicas } = this.#setting.config;
    return Array.from({ length: replicas }, (_, index) => `r${index}`).filter((id) => id !== node.spec.id);
  }

  #send(node: Node, to: string, sent: Json): void {
    const message = this.#canonical(sent);
    this.#sent.add(`${node.spec.id} ${to} ${JSON.stringify(message)}`);
    const receiver = this.#nodes.get(to);
    if (!receiver) return;
    const isThere = this.#envelopes.some((one) => one.to === to && same(one.message, message));
    if (isThere && !this.#isOnce) return;
    const { signer } = message as { readonly signer?: string };
    const [from, by] = [signer ?? node.spec.id, node.spec.id];
    const envelope: Envelope = { to, from, by, message, usefulSinceMs: this.#nowMs, deferredAs: null };
    this.#envelopes.push(envelope);
    if (this.#isOnce) return;
    envelope.usefulSinceMs = null;
    this.#reassess(receiver, envelope);
  }

  #reassess(node: Node, envelope: Envelope): void {
    const { from, message } = envelope;
    const isUseful = this.#step(node, { kind: "message", from, message }).some((one) =>
      this.#changes(node, one),
    );
    envelope.usefulSinceMs = isUseful ? (envelope.usefulSinceMs ?? this.#nowMs) : null;
  }

  /** As the model sees it: another state, other timers, or something said to somebody who has not been told. */
  #changes(node: Node, { state, effects }: Step<Json, Json>, fired?: string): boolean {
    if (!same(node.canonical(state), node.state)) return true;
    const timers = new Set([...node.timersMs.keys()].filter((timer) => timer !== fired));
    const before = node.timersMs.size;
    for (const effect of effects as readonly Effect<Json>[]) {
      if (effect.kind === "set-timer") timers.add(effect.timer);
      if (effect.kind === "cancel-timer") timers.delete(effect.timer);
      const told = this.#receivers(node, effect).filter((to) => this.#isHeard(to));
      if (told.length === 0) continue;
      if (this.#isOnce && told.some((to) => this.#nodes.has(to))) return true;
      const message = JSON.stringify(this.#canonical((effect as { message: Json }).message));
      if (told.some((to) => !this.#sent.has(`${node.spec.id} ${to} ${message}`))) return true;
    }
    return timers.size !== before;
  }

  #isHeard(to: string): boolean {
    return this.#nodes.has(to) || (this.#setting.byzantine.includes(to) && this.#setting.adversary!.speaks);
  }

  #isIdle(node: Node, timer: string): boolean {
    return this.#step(node, { kind: "timer", timer }).every((one) => !this.#changes(node, one, timer));
  }

  #rearm(node: Node, timer: string): void {
    node.timersMs.delete(timer);
    for (const effect of this.#step(node, { kind: "timer", timer })[0]!.effects as readonly Effect<Json>[])
      if (effect.kind === "set-timer")
        node.timersMs.set(
          effect.timer,
          micro(this.#nowMs + (effect.delay ?? 1) * this.#setting.timing!.timeoutMs),
        );
  }

  #complain(what: string): void {
    this.complaints.push(`${this.#nowMs} ms: ${what}`);
  }
}

function chosen(outcomes: readonly Step<Json, Json>[], action: Action): Step<Json, Json> {
  return outcomes.find(({ label }) => label === ("choice" in action ? action.choice : undefined))!;
}

function same(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function tagOf(message: Json): string {
  const { tag, body } = message as { tag?: string; body?: { tag?: string } };
  return body?.tag ?? tag ?? "?";
}

/** Sums of decimal fractions, to the microsecond. */
function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
