// The oracle for the fast search: the same semantics (design, section 4) written down as plainly as possible, over plain
// JSON texts, with nothing interned, memoized or reduced. It shares no code with src/model and src/explore.
//
// One shortcut: it sorts every array in states and messages, not only marked sets, and keeps repetitions. So it is
// meant for protocols in which the order of an array never matters and sets never repeat (PBFT with one slot).

import type { Setting } from "../../src/model/setting.js";
import {
  type Effect,
  type Input,
  type Json,
  type Knowledge,
  type Monitor,
  type NodeId,
  type Signed,
  type Step,
  sign,
} from "../../src/protocol/index.js";

/** What the naive search found. */
export interface NaiveResult {
  readonly states: number;
  /** Pairs of action and outcome that change the state, one by one, over all states expanded. */
  readonly transitions: number;
  /** The first violation in breadth-first order, or null; the search ends there. */
  readonly violation: { readonly property: string; readonly length: number } | null;
  /** Otherwise: the property whose goal is missed by a fair execution without end, or null. */
  readonly lasso: string | null;
  /** Otherwise: the verdict if a goal is missed where the bounds, or a replica that stays down, may be to blame. */
  readonly undecided: "inconclusive" | "outside" | null;
  /** The monitor states of every state reached, as canonical texts. */
  readonly observations: ReadonlySet<string>;
}

/** The state of one node; `outbox` maps the text of a message to those it was sent to. */
interface Node {
  readonly local: Json;
  readonly timers: readonly string[];
  readonly outbox: { readonly [message: string]: readonly NodeId[] };
  /** Where there are inboxes: for each link (`*`: all) the texts of the packets on their way, in one text. */
  readonly inbox: { readonly [link: string]: string };
  /** The texts of deferred packets. */
  readonly deferred: { readonly [key: string]: string };
  readonly crashes: number;
  readonly isDown: boolean;
}

const nothingYet: Node = {
  local: null,
  timers: [],
  outbox: {},
  inbox: {},
  deferred: {},
  crashes: 0,
  isDown: false,
};

/** The text of each node's state (of the correct ones, then of puppets), how many mishaps there were, and the text of the monitors' states. */
type State = readonly string[];

function subsetsOf<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const others = subsetsOf(rest);
  return [...others.map((set) => [first, ...set]), ...others];
}

/** The text of a JSON value; equal up to the order of keys and of arrays. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).sort().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join()}}`;
}

/** The text of a tuple of monitor states, in which the order of arrays matters. */
export function observationText(monitorStates: readonly Json[]): string {
  return JSON.stringify(monitorStates, (_, value: Json) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Explores everything that can happen in a setting, or throws once there are more than `maxStates`. */
export function naiveSearch(setting: Setting, maxStates = Number.POSITIVE_INFINITY): NaiveResult {
  const { protocol, config, byzantine, adversary, bounds, properties } = setting;
  const stepFaults = adversary?.stepFaults;
  const correct = protocol.nodes(config).flatMap(({ id }) => (byzantine.includes(id) ? [] : [id]));
  // The correct nodes, then the puppets; the identity of each. Two copies of one node have the same.
  const specs = [
    ...protocol.nodes(config).filter(({ id }) => correct.includes(id)),
    ...protocol
      .nodes(config)
      .filter(({ id }) => byzantine.includes(id) && stepFaults)
      .flatMap((spec) => Array.from({ length: stepFaults?.copies ?? 1 }, () => spec)),
  ];
  const ids = specs.map(({ id }) => id);
  const isPuppet = (node: number) => node >= correct.length;
  const isBound = (node: number) => !isPuppet(node) || stepFaults?.owes === true;
  const requests = protocol.requests(config);
  const issued = config.clients ? [] : requests.map((request) => protocol.digest(request));
  const facts = { config, correct, issued };
  // Who stays down is faulty, and owed nothing: so each goal is watched for the others alone as well.
  const mayStayDown = bounds.recovery === "always" ? 0 : (bounds.crashes ?? 0);
  const absences = subsetsOf(correct.filter((id) => specs.find((spec) => spec.id === id)!.role === "replica"))
    .filter(({ length }) => length > 0 && length <= mayStayDown)
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
  const watchers = absences.flatMap((absent) =>
    properties.flatMap((property, index) => {
      if (property.kind !== "eventually") return [];
      const present = correct.filter((id) => !absent.includes(id));
      return [{ index, absent, monitor: property.monitor({ ...facts, correct: present }) }];
    }),
  );
  const monitors = [
    ...properties.map((property) => property.monitor(facts)),
    ...watchers.map(
      ({ absent, monitor }): Monitor => ({
        ...monitor,
        on: (seen, by, event) => (absent.includes(by) ? seen : monitor.on(seen, by, event)),
      }),
    ),
  ];
  const isLive = properties.some(({ kind }) => kind === "eventually");
  const [network, budget = "0"] = setting.network.split(":");
  const hasInboxes = network !== "async";
  const keepsIgnored = setting.network === "once:keep";
  const mishaps = network === "lossy" || network === "duplicating" ? Number(budget) : 0;
  const lastPrimary = protocol.primary?.(config, bounds.views);
  const isOwed = lastPrimary === undefined || !byzantine.includes(lastPrimary) || stepFaults?.owes === true;

  const seen = new Map<string, number>(); // key of a state -> its depth
  /** States that chance may make of another one, as objects: each with the coin of which it is a side. */
  const coins = new WeakMap<State, object>();
  /** As objects, states that are the one before: what a node has chosen to do is nothing. */
  const idle = new WeakSet<State>();
  const queue: State[] = [];
  const observations = new Set<string>();
  let transitions = 0;
  let violation: NaiveResult["violation"] = null;
  let undecided: NaiveResult["undecided"] = isLive && !isOwed ? "outside" : null;
  for (const state of starts()) discover(state, 0);
  for (let next = 0; next < queue.length && !violation; next++) {
    const depth = seen.get(queue[next]!.join("\n"))!;
    const successors = actions(queue[next]!).filter(({ state }) => !idle.has(state));
    const broken = isLive && isOwed ? brokenPromise(queue[next]!, successors) : undefined;
    if (broken !== undefined) violation = { property: properties[broken]!.name, length: depth };
    else transitions += successors.length;
    for (const { state } of successors) if (!violation) discover(state, depth + 1);
    if (queue.length > maxStates) throw new RangeError(`more than ${maxStates} states`);
  }
  const lasso = isLive && isOwed && !violation ? missedForEver() : null;
  return { states: queue.length, transitions, violation, lasso, undecided, observations };

  /** The replicas that are down and may stay so. */
  function absentIn(state: State): NodeId[] {
    if (mayStayDown === 0) return [];
    return correct.filter((_, node) => nodeOf(state, node).isDown);
  }

  /** The index of the monitor that judges a property in a state. */
  function judgeOf(state: State, property: number): number {
    const absent = absentIn(state);
    if (absent.length === 0) return property;
    const own = watchers.findIndex(
      (watcher) => watcher.index === property && watcher.absent.join() === absent.join(),
    );
    return own < 0 ? property : properties.length + own;
  }

  function isPending(state: State, property: number): boolean {
    const judge = judgeOf(state, property);
    return (
      properties[property]!.kind === "eventually" &&
      monitors[judge]!.verdict(monitorStates(state)[judge]!) === "pending"
    );
  }

  /** Whether somebody waits in the last view with a timer that only the bound keeps from firing. */
  function waits(state: State): boolean {
    return specs.some((spec, node) => {
      const { isDown, local, timers } = nodeOf(state, node);
      if (isDown || spec.role !== "replica" || !isBound(node) || !protocol.primary) return false;
      const completions = spec.behaviour.completions ?? [];
      return viewOf(node, local) >= bounds.views && timers.some((timer) => !completions.includes(timer));
    });
  }

  /** Whether the primary of the last view is up, and there. */
  function isLed(state: State): boolean {
    const isThere = specs.some(
      ({ id }, node) => id === lastPrimary && viewOf(node, nodeOf(state, node).local) >= bounds.views,
    );
    return isThere && !absentIn(state).includes(lastPrimary!);
  }

  /** Whether the protocol is to blame for a goal that is missed in a state in which nothing has to happen. */
  function isBlamed(state: State): boolean {
    if (!waits(state) || isLed(state)) return true;
    const isOutside = absentIn(state).includes(lastPrimary!);
    if (undecided !== "inconclusive") undecided = isOutside ? "outside" : "inconclusive";
    return false;
  }

  /**
   * A property whose goal a fair scheduler can miss with probability 1, from some state on: the almost sure winning set of a
   * generalized Büchi objective (each obligation again and again impossible or taken) in a Markov decision process, as nested
   * fixpoints. No components and no circles are looked for.
   */
  function missedForEver(): string | null {
    const numbers = new Map(queue.map((state, index) => [state.join("\n"), index]));
    const options = queue.map((state) => {
      const edges = actions(state).map(({ state: next, key }) => ({
        ...{ key, coin: coins.get(next) ?? {} },
        to: numbers.get(next.join("\n"))!,
      }));
      return [...new Set(edges.map(({ coin }) => coin))].map((coin) => {
        const sides = edges.filter((edge) => edge.coin === coin);
        return { key: sides[0]!.key, targets: sides.map(({ to }) => to) };
      });
    });
    const keys = new Set(options.flatMap((all) => all.flatMap(({ key }) => key ?? [])));
    for (const [property, { kind, name }] of properties.entries()) {
      if (kind !== "eventually") continue;
      const pending = [...queue.keys()].filter((at) => isPending(queue[at]!, property));
      const canBeMissed = (isIncluded: (state: State) => boolean) =>
        missedFrom(
          pending.filter((at) => isIncluded(queue[at]!)),
          options,
          keys,
        );
      if (canBeMissed((state) => !waits(state))) return name;
      if (canBeMissed((state) => isLed(state))) return name;
      if (canBeMissed((state) => !absentIn(state).includes(lastPrimary!))) undecided = "inconclusive";
      else if (canBeMissed(() => true)) undecided ??= "outside";
    }
    return null;
  }

  /** Whether a fair scheduler can stay among these states with probability 1, from one of them on. */
  function missedFrom(
    among: readonly number[],
    options: readonly (readonly { readonly key: string | null; readonly targets: readonly number[] }[])[],
    keys: ReadonlySet<string>,
  ): boolean {
    let kept = new Set(among);
    for (let before = -1; before !== kept.size; ) {
      before = kept.size;
      const stays = (at: number) => options[at]!.filter(({ targets }) => targets.every((to) => kept.has(to)));
      let next = new Set([...kept].filter((at) => stays(at).length > 0));
      for (const key of keys) {
        const reaching = new Set<number>();
        for (let size = -1; size !== reaching.size; ) {
          size = reaching.size;
          for (const at of kept) {
            const isImpossible = options[at]!.every((option) => option.key !== key);
            const leads = stays(at).some(
              (option) => isImpossible || option.key === key || option.targets.some((to) => reaching.has(to)),
            );
            if (leads) reaching.add(at);
          }
        }
        next = new Set([...next].filter((at) => reaching.has(at)));
      }
      kept = next;
    }
    return kept.size > 0;
  }

  function discover(state: State, depth: number): void {
    const key = state.join("\n");
    if (seen.has(key)) return;
    seen.set(key, depth);
    queue.push(state);
    observations.add(state.at(-1)!);
    const broken = monitorStates(state)
      .slice(0, properties.length)
      .findIndex((now, i) => monitors[i]!.verdict(now) === "violated");
    if (broken >= 0) violation ??= { property: properties[broken]!.name, length: depth };
  }

  function monitorStates(state: State): Json[] {
    return JSON.parse(state.at(-1)!);
  }

  /** The goal that can no longer be met: nothing obligatory is left, or somebody has left the last view. */
  function brokenPromise(state: State, successors: readonly { readonly isObligatory: boolean }[]) {
    const broken = properties.findIndex((_, property) => isPending(state, property));
    if (broken < 0) return undefined;
    const isGone = specs.some(
      (_, node) => !isPuppet(node) && viewOf(node, nodeOf(state, node).local) > bounds.views,
    );
    if (isGone && !absentIn(state).includes(lastPrimary!)) return broken;
    if (successors.some(({ isObligatory }) => isObligatory)) return undefined;
    return isBlamed(state) ? broken : undefined;
  }

  /** Everything that changes `state`, once for each action and outcome. */
  function actions(state: State): { state: State; isObligatory: boolean; key: string | null }[] {
    const known = knowledgeIn(state);
    const crashes = specs.reduce((sum, _, node) => sum + nodeOf(state, node).crashes, 0);
    return specs.flatMap((_, to) => {
      const own = nodeOf(state, to);
      if (own.isDown)
        return [
          ...restarted(state, to, own).map((next) =>
            bounds.recovery === "always"
              ? { state: next, isObligatory: true, key: `${to} restart` }
              : free(next),
          ),
          ...mishapsAt(state, to, own).map(free), // what is on its way to a node that is down may get lost, too
        ];
      const crashed =
        !isPuppet(to) &&
        isInside(to, own.local) &&
        specs[to]!.role === "replica" &&
        crashes < (bounds.crashes ?? 0)
          ? [free(crash(state, to, own))]
          : [];
      const timers = own.timers.filter(
        (timer) =>
          specs[to]!.role === "client" ||
          !protocol.primary ||
          viewOf(to, own.local) < bounds.views ||
          specs[to]!.behaviour.completions?.includes(timer),
      );
      const fired = timers.flatMap((timer) => {
        const rest = { ...own, timers: own.timers.filter((other) => other !== timer) };
        const key = `${to} timer ${timer}`;
        return react(state, to, rest, { kind: "timer", timer }).map((next) => ({ next, key }));
      });
      const anew = isPuppet(to) && stepFaults?.forgets ? forgotten(state, to, own).map(free) : [];
      const receive = ({ from, message }: Packet) =>
        react(state, to, own, { kind: "message", from, message });
      const received = (hasInboxes ? [] : delivered(state, to)).flatMap((packet) => {
        const key = `${to} ${packet.from} ${canonicalText(packet.message)}`;
        return receive(packet).map((next) => ({ next, key, isOwed: packet.isOwed }));
      });
      const made = isPuppet(to) ? [] : [...relayed(state, to), ...injected(to, known)];
      const optional = made.flatMap(receive);
      return [
        ...crashed,
        ...anew,
        ...taken(state, to, own),
        ...mishapsAt(state, to, own).map(free),
        ...fired.map(({ next, key }) =>
          isBound(to) ? { state: next, isObligatory: true, key } : free(next),
        ),
        ...received.map(({ next, key, isOwed }) =>
          isOwed && isBound(to) ? { state: next, isObligatory: true, key } : free(next),
        ),
        ...optional.map((next) => ({ state: next, isObligatory: false, key: null })),
      ];
    });
  }

  // --- inboxes and crashes -----------------------------------------------------------------------------------------

  function free(state: State) {
    return { state, isObligatory: false, key: null };
  }

  /** Every delivery from an inbox, or of what was deferred. */
  function taken(state: State, to: number, own: Node) {
    return deliverable(own).flatMap(({ text, link, key }) => {
      const rest =
        key === null ? withInbox(own, link, without(own.inbox[link]!, text)) : undeferred(own, key);
      const { from, message } = JSON.parse(text) as Packet;
      const outcomes = specs[to]!.behaviour.step({ self: ids[to]!, config }, own.local, {
        kind: "message",
        from,
        message,
      }).filter((step) => isInside(to, step.state));
      const coin = {};
      const all = outcomes.map((step) => {
        const defers = step.effects.find((effect) => effect.kind === "defer");
        const left =
          defers && !(defers.key in rest.deferred)
            ? { ...rest, deferred: { ...rest.deferred, [defers.key]: text } }
            : rest;
        const [next] = after(state, to, left, [step], coin) as [State];
        const isSilent = !step.events.length && !step.effects.some((effect) => reachesSomebody(to, effect));
        const isIgnored =
          isSilent &&
          !defers &&
          canonicalText({ ...nodeOf(next, to), ...inboxOf(own) }) === canonicalText(own);
        if (!keepsIgnored || !isIgnored) return next;
        const kept = [...state];
        const side = coins.get(next);
        if (side) coins.set(kept, side);
        return kept;
      });
      const owed = { isObligatory: true, key: `${to} ${link} ${text}` };
      return withIdle(state, all).map((next) => ({ state: next, ...owed }));
    });
  }

  function reachesSomebody(from: number, effect: Effect<Json>): boolean {
    if (effect.kind !== "send" && effect.kind !== "broadcast") return false;
    const isHeard =
      effect.kind === "send"
        ? correct.includes(effect.to)
        : specs.some(({ role }, to) => role === "replica" && to !== from);
    return isHeard || (byzantine.length > 0 && isOfInterest(effect.message));
  }

  function inboxOf({ inbox, deferred }: Node) {
    return { inbox, deferred };
  }

  function deliverable({ inbox, deferred }: Node) {
    const waiting = Object.entries(inbox).flatMap(([link, texts]) => {
      const all = JSON.parse(texts) as string[];
      const first = network === "fifo" ? all.slice(0, 1) : [...new Set(all)];
      return first.map((text) => ({ text, link, key: null as string | null }));
    });
    return [...waiting, ...Object.entries(deferred).map(([key, text]) => ({ text, link: "*", key }))];
  }

  function without(texts: string, text: string): string[] {
    const all = JSON.parse(texts) as string[];
    return all.filter((_, index) => index !== all.indexOf(text));
  }

  function withInbox(own: Node, link: string, texts: readonly string[]): Node {
    const ordered = network === "fifo" ? texts : [...texts].sort();
    const inbox = Object.fromEntries(Object.entries(own.inbox).filter(([other]) => other !== link));
    return { ...own, inbox: ordered.length === 0 ? inbox : { ...inbox, [link]: JSON.stringify(ordered) } };
  }

  function undeferred(own: Node, key: string): Node {
    return { ...own, deferred: Object.fromEntries(Object.entries(own.deferred).filter(([k]) => k !== key)) };
  }

  function mishapsAt(state: State, to: number, own: Node): State[] {
    const happened = Number(state[specs.length]);
    if (happened >= mishaps) return [];
    return deliverable(own).flatMap(({ text, link, key }) => {
      if (key !== null) return [];
      const texts = JSON.parse(own.inbox[link]!) as string[];
      const left = network === "lossy" ? without(own.inbox[link]!, text) : [...texts, text];
      const next = [...state];
      next[to] = canonicalText(withInbox(own, link, left));
      next[specs.length] = String(happened + 1);
      return [next];
    });
  }

  function crash(state: State, node: number, own: Node): State {
    const lost = bounds.losing === "nothing" ? {} : { timers: [], deferred: {} };
    const next = [...state];
    next[node] = canonicalText({ ...own, ...lost, crashes: own.crashes + 1, isDown: true });
    return next;
  }

  function restarted(state: State, node: number, own: Node): State[] {
    const up = { ...own, isDown: false };
    if (!isInside(node, own.local)) return [];
    if (bounds.losing === "nothing")
      return [state.map((text, index) => (index === node ? canonicalText(up) : text))];
    const { behaviour } = specs[node]!;
    const written = behaviour.stable(own.local);
    const left = bounds.losing === "unsynced" ? (behaviour.unsynced?.(own.local) ?? []) : [];
    const disks = [...new Set([written, ...left].map((content) => JSON.stringify(content)))];
    return disks.flatMap((disk) => {
      const from = { kind: "restart" as const, stable: parsed(disk) };
      return after(state, node, up, behaviour.init({ self: ids[node]!, config }, from)).filter((next) =>
        isInside(node, nodeOf(next, node).local),
      );
    });
  }

  // --- who can receive what ----------------------------------------------------------------------------------------

  function sentBy(state: State, from: number): (Packet & { readonly to: readonly NodeId[] })[] {
    return Object.entries(nodeOf(state, from).outbox).map(([text, to]) => {
      const message = parsed(text);
      return { from: isSigned(message) ? message.signer : ids[from]!, message, to };
    });
  }

  function delivered(state: State, to: number): (Packet & { readonly isOwed: boolean })[] {
    return specs.flatMap((_, from) => {
      const packets = new Map<string, Packet>();
      for (const sent of sentBy(state, from)) {
        if (!sent.to.includes(ids[to]!)) continue;
        for (const message of [sent.message, ...(isPuppet(from) ? distorted(ids[from]!, sent.message) : [])])
          packets.set(canonicalText(message), {
            from: message === sent.message ? sent.from : isSigned(message) ? message.signer : ids[from]!,
            message,
          });
      }
      return [...packets.values()].map((packet) => ({ ...packet, isOwed: isBound(from) }));
    });
  }

  /** What a puppet may say in place of a message: no more of what others have signed, or of proofs, than was there. */
  function distorted(self: NodeId, message: Json): readonly Json[] {
    const foreign = (value: Json): string[] => {
      if (typeof value !== "object" || value === null) return [];
      const isOthers = isSigned(value) && !byzantine.includes(value.signer);
      if (isOthers || isCertificate(value) || isCollection(value)) return [canonicalText(value)];
      return Object.values(value).flatMap(foreign);
    };
    const shown = foreign(message);
    const variants = stepFaults?.says?.(message, { self, byzantine, config, protocol }) ?? [];
    return variants.filter((variant) => foreign(variant).every((term) => shown.includes(term)));
  }

  /** A puppet that begins anew, with what it has sent still sent. */
  function forgotten(state: State, node: number, own: Node): State[] {
    const bare = [...state];
    bare[node] = canonicalText(nothingYet);
    const starts = new Set(startsOf(bare, node).map((next) => next[node]!));
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
      return next[node] === state[node] || !isInside(node, start.local) ? [] : [next];
    });
  }

  function relayed(state: State, to: number): Packet[] {
    if (!adversary?.forwards) return [];
    return specs.flatMap((_, from) =>
      from === to
        ? []
        : sentBy(state, from).filter((sent) => isSigned(sent.message) && !sent.to.includes(ids[to]!)),
    );
  }

  function injected(to: number, knowledge: Knowledge): Packet[] {
    if (!adversary?.speaks) return [];
    const packets = new Map<string, Packet>();
    for (const self of byzantine) {
      const place = { self, byzantine, to: specs[to]!.role, config, views: bounds.views, beyond: isLive };
      for (const message of adversary.moves(place, knowledge)) {
        const isForeign = isSigned(message) && !message.convinces && !byzantine.includes(message.signer);
        if (isForeign || !admits(knowledge, message)) continue;
        const packet = { from: isSigned(message) ? message.signer : self, message };
        packets.set(canonicalText(packet), packet);
      }
    }
    return [...packets.values()];
  }

  /** A signed statement must be the adversary's own or have been sent; then what stands in it has been sent too. */
  function admits(knowledge: Knowledge, value: Json): boolean {
    if (typeof value !== "object" || value === null) return true;
    if (isSigned(value) && !byzantine.includes(value.signer)) {
      // An authenticator that convinces no correct node need not have been sent, so what stands in it need not either.
      const isAnybodys = value.convinces?.every((receiver) => byzantine.includes(receiver)) ?? false;
      return knowledge.canShow(value) && (!isAnybodys || admits(knowledge, value.body));
    }
    if (isCertificate(value) && !knowledge.canProve(value)) return false;
    if (isCollection(value))
      return canCollect(value.bodies, value.atLeast, [...new Set(value.among)], (signer, body) =>
        byzantine.includes(signer)
          ? admits(knowledge, body as Json)
          : knowledge.canShow({ tag: "signed", signer, body }),
      );
    return Object.values(value).every((item) => admits(knowledge, item));
  }

  /** Calls `visit` for every statement of a correct node in `value`. */
  function statementsIn(value: Json, visit: (statement: Signed<Json>) => void): void {
    if (typeof value !== "object" || value === null) return;
    if (isSigned(value) && !byzantine.includes(value.signer)) visit(value);
    for (const item of Object.values(value)) statementsIn(item, visit);
  }

  /** What is sent to the adversary alone is remembered only if it can tell or pass on anything of it. */
  function isOfInterest(message: Json): boolean {
    if (!adversary?.speaks) return false;
    let isObserved = adversary.forwards && isSigned(message);
    statementsIn(message, (statement) => {
      isObserved ||= adversary.observes(statement);
    });
    return isObserved;
  }

  function knowledgeIn(state: State): Knowledge {
    const statements = new Map<string, Signed<Json>>();
    const learn = (value: Json): void =>
      statementsIn(value, (statement) => statements.set(canonicalText(statement), statement));
    if (!config.clients) requests.forEach(learn);
    if (adversary?.speaks)
      specs.forEach((_, from) => {
        for (const sent of sentBy(state, from)) learn(sent.message);
      });
    const macs = new Set(
      [...statements.values()].flatMap(({ signer, body, convinces = [] }) =>
        convinces.map((receiver) => macText(signer, body, receiver)),
      ),
    );
    const canMake = ({ signer, body }: Signed<unknown>, receiver: string) =>
      byzantine.includes(receiver) || macs.has(macText(signer, body, receiver));
    const canShow = (statement: Signed<unknown>) =>
      byzantine.includes(statement.signer) ||
      (statement.convinces?.every((receiver) => canMake(statement, receiver)) ??
        statements.has(canonicalText(statement)));
    return {
      statements: (matching = () => true) => [...statements.values()].filter(matching),
      bodies: (matching = () => true) => {
        const bodies = new Map([...statements.values()].map(({ body }) => [JSON.stringify(body), body]));
        return [...bodies.values()].filter(matching);
      },
      canShow,
      canProve: (proof) =>
        proof.tag === "certificate"
          ? [...new Set(proof.among)].filter((signer) => canShow({ tag: "signed", signer, body: proof.vote }))
              .length >= proof.atLeast
          : canCollect(proof.bodies, proof.atLeast, [...new Set(proof.among)], (signer, body) =>
              canShow({ tag: "signed", signer, body }),
            ),
    };
  }

  // --- what a node does --------------------------------------------------------------------------------------------

  function nodeOf(state: State, node: number): Node {
    return parsed(state[node]!) as unknown as Node;
  }

  function viewOf(node: number, local: Json): number {
    return specs[node]!.behaviour.view?.(local) ?? 0;
  }

  function isInside(node: number, local: Json): boolean {
    const view = viewOf(node, local);
    return (isLive || view <= bounds.views) && !(isPuppet(node) && view >= (stepFaults?.until ?? view + 1));
  }

  /** The states, other than `state`, to which `input` leads if node `to` is as `own` says. */
  function react(state: State, to: number, own: Node, input: Input<Json>): State[] {
    const outcomes = specs[to]!.behaviour.step({ self: ids[to]!, config }, own.local, input);
    const isIgnored = ({ state: local, effects, events }: Step<Json, Json>) =>
      input.kind === "message" && local === own.local && effects.length + events.length === 0;
    if (outcomes.every(isIgnored)) return []; // nothing can have changed: this only saves time
    const inBounds = outcomes.filter((step) => isInside(to, step.state));
    return withIdle(state, after(state, to, own, inBounds));
  }

  /** What has changed; and, where something may change, what has not, unless chance decides so. */
  function withIdle(before: State, outcomes: readonly State[]): State[] {
    const isSame = (state: State) => state.every((text, node) => text === before[node]);
    const changed = outcomes.filter((state) => !isSame(state));
    if (changed.length === 0) return [];
    const same = outcomes.filter((state) => isSame(state) && !coins.has(state));
    for (const state of same) idle.add(state);
    return [...changed, ...same];
  }

  function after(
    state: State,
    node: number,
    own: Node,
    outcomes: readonly Step<Json, Json>[],
    coin: object = {},
  ): State[] {
    return outcomes.flatMap((step) => {
      const next = [...state];
      next[node] = canonicalText(
        step.effects.reduce((now, effect) => perform(node, now, effect), { ...own, local: step.state }),
      );
      const seenNow = monitorStates(state).map((now, i) =>
        (isPuppet(node) ? [] : step.events).reduce(
          (current, event) => monitors[i]!.on(current, correct[node]!, event),
          now,
        ),
      );
      next[next.length - 1] = observationText(seenNow);
      if (hasInboxes) for (const effect of step.effects) dispatch(next, node, effect);
      if (step.random && !isPuppet(node)) coins.set(next, coin);
      return [next];
    });
  }

  /** Puts a message into the inboxes of those to whom it is sent. */
  function dispatch(state: string[], from: number, effect: Effect<Json>): void {
    if (effect.kind !== "send" && effect.kind !== "broadcast") return;
    const { message } = effect;
    const packet = canonicalText({ from: isSigned(message) ? message.signer : ids[from]!, message });
    for (const [to, spec] of specs.entries()) {
      const isAddressed =
        effect.kind === "send" ? effect.to === spec.id : to !== from && spec.role === "replica";
      if (!isAddressed) continue;
      const receiver = nodeOf(state, to);
      const link = network === "fifo" ? correct[from]! : "*";
      const texts = receiver.inbox[link] ? (JSON.parse(receiver.inbox[link]) as string[]) : [];
      state[to] = canonicalText(withInbox(receiver, link, [...texts, packet]));
    }
  }

  function perform(node: number, own: Node, effect: Effect<Json>): Node {
    const { timers, outbox } = own;
    switch (effect.kind) {
      case "set-timer":
        return { ...own, timers: [...new Set([...timers, effect.timer])] };
      case "cancel-timer":
        return { ...own, timers: timers.filter((timer) => timer !== effect.timer) };
      case "defer":
        return own;
      default: {
        const replicas = protocol
          .nodes(config)
          .filter(({ role, id }) => role === "replica" && id !== ids[node]);
        const addressed = effect.kind === "send" ? [effect.to] : replicas.map(({ id }) => id);
        if (hasInboxes) {
          const isSeen = byzantine.length > 0 && isOfInterest(effect.message);
          const isSent = addressed.some((id) => correct.includes(id)) || isSeen;
          if (!isSeen || !isSent) return own;
          return { ...own, outbox: { ...outbox, [canonicalText(effect.message)]: ["the adversary"] } };
        }
        const reached = addressed.flatMap((id) => {
          const isHeard = byzantine.includes(id) && isOfInterest(effect.message);
          return [...(ids.includes(id) ? [id] : []), ...(isHeard ? ["the adversary"] : [])];
        });
        if (reached.length === 0) return own;
        const text = canonicalText(effect.message);
        return { ...own, outbox: { ...outbox, [text]: [...new Set([...(outbox[text] ?? []), ...reached])] } };
      }
    }
  }

  // --- starts ------------------------------------------------------------------------------------------------------

  /** Every node's start, and every order in which its requests reach it. */
  function starts(): State[] {
    const before = [
      ...specs.map(() => canonicalText(nothingYet)),
      "0",
      observationText(monitors.map(({ init }) => init)),
    ];
    return specs.reduce<State[]>(
      (states, _, node) => states.flatMap((state) => startsOf(state, node)),
      [before],
    );
  }

  function startsOf(state: State, node: number): State[] {
    const spec = specs[node]!;
    const clients = specs.filter(({ role }) => role === "client");
    const context = { self: spec.id, config };
    const own = requests.filter((_, i) =>
      config.clients ? clients[i % clients.length] === spec : spec.role === "replica",
    );
    return orders(own).flatMap((order) =>
      order.reduce<State[]>(
        (reached, request) =>
          reached.flatMap((now) => {
            const { local } = nodeOf(now, node);
            const outcomes = spec.behaviour.step(context, local, { kind: "request", request });
            return after(now, node, nodeOf(now, node), outcomes);
          }),
        after(state, node, nodeOf(state, node), spec.behaviour.init(context, { kind: "start" })),
      ),
    );
  }
}

const values = new Map<string, Json>();

/** Parsing anew each time would say the same, four times slower. */
function parsed(text: string): Json {
  const value = values.get(text) ?? (JSON.parse(text) as Json);
  values.set(text, value);
  return value;
}

interface Packet {
  readonly from: NodeId;
  readonly message: Json;
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    orders(items.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

function isSigned(value: unknown): value is Signed<Json> {
  return (value as { tag?: unknown } | null)?.tag === "signed";
}

function isCollection(
  value: unknown,
): value is { bodies: Json[]; atLeast: number; among: NodeId[]; tag: "collection" } {
  return (value as { tag?: unknown } | null)?.tag === "collection";
}

/** Tries every way to give each signer one of the bodies that it can sign, or none. */
function canCollect(
  bodies: readonly unknown[],
  atLeast: number,
  signers: readonly NodeId[],
  canSign: (signer: NodeId, body: unknown) => boolean,
): boolean {
  const go = (rest: readonly NodeId[], left: ReadonlySet<unknown>, signed: number): boolean => {
    const [next, ...later] = rest;
    if (next === undefined) return left.size === 0 && signed >= atLeast;
    return (
      go(later, left, signed) ||
      bodies.some(
        (body) =>
          canSign(next, body) && go(later, new Set([...left].filter((other) => other !== body)), signed + 1),
      )
    );
  };
  return go(signers, new Set(bodies), 0);
}

function isCertificate(
  value: unknown,
): value is { vote: Json; atLeast: number; among: NodeId[]; tag: "certificate" } {
  return (value as { tag?: unknown } | null)?.tag === "certificate";
}

/** The name of what `signer` has said to `receiver`, in an authenticator for whomever else. */
function macText(signer: NodeId, body: unknown, receiver: NodeId): string {
  return canonicalText({ ...sign(signer, body), convinces: [receiver] });
}
