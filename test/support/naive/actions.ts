// Everything that can happen in a state of the naive search.

import type { Knowledge } from "../../../src/protocol/index.js";
import { Steps } from "./steps.js";
import { canonicalText, type Node, type Packet, type State } from "./texts.js";

/** One outcome of an action: where it leads, whether it has to happen, and under which name; null if it has none. */
export interface NaiveAction {
  readonly state: State;
  readonly isObligatory: boolean;
  readonly key: string | null;
}

/** An action that nobody owes. */
function free(state: State): NaiveAction {
  return { state, isObligatory: false, key: null };
}

/** A run with its actions. */
export class Actions extends Steps {
  /** Everything that changes `state`, once for each action and outcome. */
  actions(state: State): NaiveAction[] {
    const known = this.knowledgeIn(state);
    const ofNodes = this.specs.flatMap((_, to) => {
      const own = this.nodeOf(state, to);
      return own.isDown ? this.whileDown(state, to, own) : this.whileUp(state, to, own, known);
    });
    const ofNetwork = this.partingsIn(state).map(({ state: next, isHealing }) =>
      isHealing ? { state: next, isObligatory: true, key: "heal" } : free(next),
    );
    return [...ofNodes, ...ofNetwork];
  }

  whileDown(state: State, to: number, own: Node): NaiveAction[] {
    return [
      ...this.restarted(state, to, own).map((next) =>
        this.bounds.recovery === "always"
          ? { state: next, isObligatory: true, key: `${to} restart` }
          : free(next),
      ),
      ...this.mishapsAt(state, to, own).map(free), // what is on its way to a node that is down may get lost, too
    ];
  }

  whileUp(state: State, to: number, own: Node, known: Knowledge): NaiveAction[] {
    const made = this.isPuppet(to) ? [] : [...this.relayed(state, to), ...this.injected(to, known)];
    return [
      ...(this.mayCrash(state, to, own) ? [free(this.crash(state, to, own))] : []),
      ...(this.isPuppet(to) && this.stepFaults?.forgets ? this.forgotten(state, to, own).map(free) : []),
      ...this.taken(state, to, own),
      ...this.mishapsAt(state, to, own).map(free),
      ...this.fired(state, to, own),
      ...(this.hasInboxes ? [] : this.received(state, to, own)),
      ...made.flatMap((packet) => this.receive(state, to, own, packet)).map(free),
    ];
  }

  mayCrash(state: State, to: number, own: Node): boolean {
    const crashes = this.specs.reduce((sum, _, node) => sum + this.nodeOf(state, node).crashes, 0);
    return (
      !this.isPuppet(to) &&
      this.isInside(to, own.local) &&
      this.specs[to]!.role === "replica" &&
      crashes < (this.bounds.crashes ?? 0)
    );
  }

  /** Every timer that fires: in the last view a replica's completions alone. */
  fired(state: State, to: number, own: Node): NaiveAction[] {
    const timers = own.timers.filter(
      (timer) =>
        this.specs[to]!.role === "client" ||
        !this.protocol.primary ||
        this.viewOf(to, own.local) < this.bounds.views ||
        this.specs[to]!.behaviour.completions?.includes(timer),
    );
    return timers.flatMap((timer) => {
      const rest = { ...own, timers: own.timers.filter((other) => other !== timer) };
      const key = `${to} timer ${timer}`;
      return this.react(state, to, rest, { kind: "timer", timer }).map((next) =>
        this.isBound(to) ? { state: next, isObligatory: true, key } : free(next),
      );
    });
  }

  /** Every message that was sent to a node: on `async` it stays deliverable. */
  received(state: State, to: number, own: Node): NaiveAction[] {
    return this.delivered(state, to).flatMap((packet) => {
      const key = `${to} ${packet.from} ${canonicalText(packet.message)}`;
      const isObligatory = packet.isOwed && this.isBound(to);
      return this.receive(state, to, own, packet).map((next) =>
        isObligatory ? { state: next, isObligatory, key } : free(next),
      );
    });
  }

  receive(state: State, to: number, own: Node, { from, message }: Packet): State[] {
    return this.react(state, to, own, { kind: "message", from, message });
  }

  /** Every delivery from an inbox, or of what was deferred. */
  taken(state: State, to: number, own: Node) {
    return this.deliverable(own).flatMap(({ text, link, key }) => {
      const rest =
        key === null && this.isSet
          ? own
          : key === null
            ? this.withInbox(own, link, this.without(own.inbox[link]!, text))
            : this.undeferred(own, key);
      const { from, message } = JSON.parse(text) as Packet;
      const outcomes = this.specs[to]!.behaviour.step(
        { self: this.ids[to]!, config: this.config },
        own.local,
        {
          kind: "message",
          from,
          message,
        },
      ).filter((step) => this.isInside(to, step.state));
      const coin = {};
      const all = outcomes.map((step) => {
        const defers = step.effects.find((effect) => effect.kind === "defer");
        const left =
          defers && !(defers.key in rest.deferred)
            ? { ...rest, deferred: { ...rest.deferred, [defers.key]: text } }
            : rest;
        const [next] = this.after(state, to, left, [step], coin) as [State];
        const isSilent =
          !step.events.length && !step.effects.some((effect) => this.reachesSomebody(to, effect));
        const isIgnored =
          isSilent &&
          !defers &&
          canonicalText({ ...this.nodeOf(next, to), ...this.inboxOf(own) }) === canonicalText(own);
        if (!this.keepsIgnored || !isIgnored) return next;
        const kept = [...state];
        const side = this.coins.get(next);
        if (side) this.coins.set(kept, side);
        return kept;
      });
      const owed = { isObligatory: true, key: `${to} ${link} ${text}` };
      return this.withIdle(state, all).map((next) => ({ state: next, ...owed }));
    });
  }
}
