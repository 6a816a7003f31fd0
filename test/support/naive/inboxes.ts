// Inboxes of the naive search: what is on its way to a node, in a bag or a queue for each link, and what it has
// deferred.

import type { Effect, Json } from "../../../src/protocol/index.js";
import { Run } from "./run.js";
import { isSigned } from "./terms.js";
import { canonicalText, type Node, parsed, type State } from "./texts.js";

/** A run with inboxes. */
export class Inboxes extends Run {
  inboxOf({ inbox, deferred }: Node) {
    return { inbox, deferred };
  }

  deliverable({ inbox, deferred }: Node) {
    const waiting = Object.entries(inbox).flatMap(([link, texts]) => {
      const all = JSON.parse(texts) as string[];
      const next = new Set(this.window > 0 ? all.slice(0, this.window) : all);
      return [...next].map((text) => ({ text, link, key: null as string | null }));
    });
    return [...waiting, ...Object.entries(deferred).map(([key, text]) => ({ text, link: "*", key }))];
  }

  without(texts: string, text: string): string[] {
    const all = JSON.parse(texts) as string[];
    return all.filter((_, index) => index !== all.indexOf(text));
  }

  withInbox(own: Node, link: string, texts: readonly string[]): Node {
    // Which of the oldest is the very oldest makes no difference.
    const [oldest, later] = [texts.slice(0, this.window), texts.slice(this.window)];
    const bag = this.isSet ? [...new Set(texts)].sort() : [...texts].sort();
    const ordered = this.window > 0 ? [...oldest.sort(), ...later] : bag;
    const inbox = Object.fromEntries(Object.entries(own.inbox).filter(([other]) => other !== link));
    return { ...own, inbox: ordered.length === 0 ? inbox : { ...inbox, [link]: JSON.stringify(ordered) } };
  }

  undeferred(own: Node, key: string): Node {
    return { ...own, deferred: Object.fromEntries(Object.entries(own.deferred).filter(([k]) => k !== key)) };
  }

  mishapsAt(state: State, to: number, own: Node): State[] {
    if (this.mishaps === 0) return [];
    const happened = Number(state[this.specs.length]);
    if (happened >= this.mishaps) return [];
    return this.deliverable(own).flatMap(({ text, link, key }) => {
      if (key !== null) return [];
      const texts = JSON.parse(own.inbox[link]!) as string[];
      const left = this.loses ? this.without(own.inbox[link]!, text) : [...texts, text];
      const next = [...state];
      next[to] = canonicalText(this.withInbox(own, link, left));
      if (this.mishaps < Number.POSITIVE_INFINITY) next[this.specs.length] = String(happened + 1);
      return [next];
    });
  }

  /** The links that are cut, as in `r0>r1`. */
  blockedIn(state: readonly string[]): string[] {
    if (this.parting === null) return [];
    return JSON.parse(state[this.specs.length]!.split(" ")[1] ?? "[]");
  }

  /** What the network can do to all at once: a cut where there is none, or its end. */
  partingsIn(state: State): { readonly state: State; readonly isHealing: boolean }[] {
    if (this.parting === null) return [];
    const happened = Number(state[this.specs.length]!.split(" ")[0]);
    const at = (count: number, blocked: readonly string[]) =>
      this.specs.reduce<State>(
        (next, _, to) =>
          next.map((text, index) => (index === to ? this.withoutLinks(text, to, blocked) : text)),
        state.map((text, index) =>
          index === this.specs.length
            ? [count, ...(blocked.length > 0 ? [JSON.stringify(blocked)] : [])].join(" ")
            : text,
        ),
      );
    if (this.blockedIn(state).length > 0) return [{ state: at(happened, []), isHealing: true }];
    if (happened >= this.maxCuts) return [];
    const count = Number.isFinite(this.maxCuts) ? happened + 1 : 0;
    return this.blockings().map((blocked) => ({ state: at(count, blocked), isHealing: false }));
  }

  withoutLinks(text: string, to: number, blocked: readonly string[]): string {
    const own = parsed(text) as unknown as Node;
    const left = Object.entries(own.inbox).filter(([link]) => !blocked.includes(`${link}>${this.ids[to]}`));
    return canonicalText({ ...own, inbox: Object.fromEntries(left) });
  }

  /** Every set of links that one cut can block: each replica stands left, right or, as a bridge, in between. */
  blockings(): string[][] {
    const replicas = this.specs.flatMap(({ id, role }, node) =>
      role === "replica" && !this.isPuppet(node) ? [id] : [],
    );
    let placings: { readonly [id: string]: string }[] = [{}];
    for (const id of replicas)
      placings = placings.flatMap((placed) =>
        ["left", "right", "between"].map((side) => ({ ...placed, [id]: side })),
      );
    const bridges = this.parting === "bridge-partitions" ? 1 : 0;
    const cuts = placings
      .filter((placed) => Object.values(placed).filter((side) => side === "between").length === bridges)
      .map((placed) => {
        const on = (side: string) => replicas.filter((id) => placed[id] === side);
        const links = (from: string[], to: string[]) => from.flatMap((a) => to.map((b) => `${a}>${b}`));
        const back = this.parting === "one-way-partitions" ? [] : links(on("right"), on("left"));
        return [...links(on("left"), on("right")), ...back].sort();
      });
    return [...new Map(cuts.filter(({ length }) => length > 0).map((cut) => [cut.join(), cut])).values()];
  }

  /** Puts a message into the inboxes of those to whom it is sent. */
  dispatch(state: string[], from: number, effect: Effect<Json>): void {
    if (effect.kind !== "send" && effect.kind !== "broadcast") return;
    const { message } = effect;
    const packet = canonicalText({ from: isSigned(message) ? message.signer : this.ids[from]!, message });
    for (const [to, spec] of this.specs.entries()) {
      const isAddressed =
        effect.kind === "send" ? effect.to === spec.id : to !== from && spec.role === "replica";
      if (!isAddressed || this.blockedIn(state).includes(`${this.ids[from]}>${spec.id}`)) continue;
      const receiver = this.nodeOf(state, to);
      const link = this.window > 0 ? this.correct[from]! : "*";
      const texts = receiver.inbox[link] ? (JSON.parse(receiver.inbox[link]) as string[]) : [];
      state[to] = canonicalText(this.withInbox(receiver, link, [...texts, packet]));
    }
  }
}
