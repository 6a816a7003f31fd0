// What a node of the naive search does: it starts, reacts to an input, crashes, restarts, forgets.

import type { Effect, Input, Json, Step } from "../../../src/protocol/index.js";
import { Packets } from "./packets.js";
import { canonicalText, type Node, nothingYet, observationText, parsed, type State } from "./texts.js";

/** A run with what its nodes do. */
export class Steps extends Packets {
  /** States that chance may make of another one, as objects: each with the coin of which it is a side. */
  readonly coins = new WeakMap<State, object>();
  /** As objects, states that are the one before: what a node has chosen to do is nothing. */
  readonly idle = new WeakSet<State>();

  /** The states, other than `state`, to which `input` leads if node `to` is as `own` says. */
  react(state: State, to: number, own: Node, input: Input<Json>): State[] {
    const outcomes = this.specs[to]!.behaviour.step(
      { self: this.ids[to]!, config: this.config },
      own.local,
      input,
    );
    const isIgnored = ({ state: local, effects, events }: Step<Json, Json>) =>
      input.kind === "message" && local === own.local && effects.length + events.length === 0;
    if (outcomes.every(isIgnored)) return []; // nothing can have changed: this only saves time
    const inBounds = outcomes.filter((step) => this.isInside(to, step.state));
    return this.withIdle(state, this.after(state, to, own, inBounds));
  }

  /** What has changed; and, where something may change, what has not, unless chance decides so. */
  withIdle(before: State, outcomes: readonly State[]): State[] {
    const isSame = (state: State) => state.every((text, node) => text === before[node]);
    const changed = outcomes.filter((state) => !isSame(state));
    if (changed.length === 0) return [];
    const same = outcomes.filter((state) => isSame(state) && !this.coins.has(state));
    for (const state of same) this.idle.add(state);
    return [...changed, ...same];
  }

  after(
    state: State,
    node: number,
    own: Node,
    outcomes: readonly Step<Json, Json>[],
    coin: object = {},
  ): State[] {
    return outcomes.flatMap((step) => {
      const next = [...state];
      next[node] = canonicalText(
        step.effects.reduce((now, effect) => this.perform(node, now, effect), { ...own, local: step.state }),
      );
      next[next.length - 1] = observationText(
        this.observed(this.monitorStates(state), node, own.local, step),
      );
      if (this.hasInboxes) for (const effect of step.effects) this.dispatch(next, node, effect);
      if (step.random && !this.isPuppet(node)) this.coins.set(next, coin);
      return [next];
    });
  }

  perform(node: number, own: Node, effect: Effect<Json>): Node {
    const { timers, outbox } = own;
    switch (effect.kind) {
      case "set-timer":
        return { ...own, timers: [...new Set([...timers, effect.timer])] };
      case "cancel-timer":
        return { ...own, timers: timers.filter((timer) => timer !== effect.timer) };
      case "defer":
        return own;
      default: {
        const replicas = this.protocol
          .nodes(this.config)
          .filter(({ role, id }) => role === "replica" && id !== this.ids[node]);
        const addressed = effect.kind === "send" ? [effect.to] : replicas.map(({ id }) => id);
        if (this.hasInboxes) {
          const isSeen = this.byzantine.length > 0 && this.isOfInterest(effect.message);
          const isSent = addressed.some((id) => this.correct.includes(id)) || isSeen;
          if (!isSeen || !isSent) return own;
          return { ...own, outbox: { ...outbox, [canonicalText(effect.message)]: ["the adversary"] } };
        }
        const reached = addressed.flatMap((id) => {
          const isHeard = this.byzantine.includes(id) && this.isOfInterest(effect.message);
          return [...(this.ids.includes(id) ? [id] : []), ...(isHeard ? ["the adversary"] : [])];
        });
        if (reached.length === 0) return own;
        const text = canonicalText(effect.message);
        return { ...own, outbox: { ...outbox, [text]: [...new Set([...(outbox[text] ?? []), ...reached])] } };
      }
    }
  }

  reachesSomebody(from: number, effect: Effect<Json>): boolean {
    if (effect.kind !== "send" && effect.kind !== "broadcast") return false;
    const isHeard =
      effect.kind === "send"
        ? this.correct.includes(effect.to)
        : this.specs.some(({ role }, to) => role === "replica" && to !== from);
    return isHeard || (this.byzantine.length > 0 && this.isOfInterest(effect.message));
  }

  crash(state: State, node: number, own: Node): State {
    const lost = this.bounds.losing === "nothing" ? {} : { timers: [], deferred: {} };
    const next = [...state];
    next[node] = canonicalText({ ...own, ...lost, crashes: own.crashes + 1, isDown: true });
    return next;
  }

  restarted(state: State, node: number, own: Node): State[] {
    const up = { ...own, isDown: false };
    if (!this.isInside(node, own.local)) return [];
    if (this.bounds.losing === "nothing")
      return [state.map((text, index) => (index === node ? canonicalText(up) : text))];
    const { behaviour } = this.specs[node]!;
    const written = behaviour.stable(own.local);
    const left = this.bounds.losing === "unsynced" ? (behaviour.unsynced?.(own.local) ?? []) : [];
    const disks = [...new Set([written, ...left].map((content) => JSON.stringify(content)))];
    return disks.flatMap((disk) => {
      const from = { kind: "restart" as const, stable: parsed(disk) };
      return this.after(
        state,
        node,
        { ...up, local: null },
        behaviour.init({ self: this.ids[node]!, config: this.config }, from),
      ).filter((next) => this.isInside(node, this.nodeOf(next, node).local));
    });
  }

  /** A puppet that begins anew, with what it has sent still sent. */
  forgotten(state: State, node: number, own: Node): State[] {
    const bare = [...state];
    bare[node] = canonicalText(nothingYet);
    const starts = new Set(this.startsOf(bare, node).map((next) => next[node]!));
    return [...starts].flatMap((text) => {
      const start = parsed(text) as unknown as Node;
      const texts = new Set([...Object.keys(own.outbox), ...Object.keys(start.outbox)]);
      const outbox = Object.fromEntries(
        [...texts].map((sent) => [
          sent,
          [...new Set([...(own.outbox[sent] ?? []), ...(start.outbox[sent] ?? [])])],
        ]),
      );
      const next = [...state];
      next[node] = canonicalText({ ...start, outbox });
      return next[node] === state[node] || !this.isInside(node, start.local) ? [] : [next];
    });
  }

  /** Every node's start, and every order in which its requests reach it. */
  starts(): State[] {
    const before = [
      ...this.specs.map(() => canonicalText(nothingYet)),
      "0",
      observationText(this.monitors.map(({ init }) => init)),
    ];
    return this.specs.reduce<State[]>(
      (states, _, node) => states.flatMap((state) => this.startsOf(state, node)),
      [before],
    );
  }

  startsOf(state: State, node: number): State[] {
    const spec = this.specs[node]!;
    const clients = this.specs.filter(({ role }) => role === "client");
    const context = { self: spec.id, config: this.config };
    const own = this.requests.filter((_, i) =>
      this.config.clients ? clients[i % clients.length] === spec : spec.role === "replica",
    );
    return orders(own).flatMap((order) =>
      order.reduce<State[]>(
        (reached, request) =>
          reached.flatMap((now) => {
            const { local } = this.nodeOf(now, node);
            const outcomes = spec.behaviour.step(context, local, { kind: "request", request });
            return this.after(now, node, this.nodeOf(now, node), outcomes);
          }),
        this.after(state, node, this.nodeOf(state, node), spec.behaviour.init(context, { kind: "start" })),
      ),
    );
  }
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    orders(items.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}
