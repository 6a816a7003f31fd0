// Interned outcomes of the user's step: small integers for the next local state, timers, messages and events.
// Malformed outcomes are detected here.

import type { Effect, Event, Json } from "../protocol/index.js";
import { SchemaMismatch } from "./canonical.js";
import { UserError } from "./errors.js";
import type { AnyOutcomes } from "./evaluate.js";
import { type Interner, Numbering } from "./intern.js";
import type { Looks, SeenNode, Sight, Views } from "./looks.js";
import { byzantineBit, type Outbox, Outboxes } from "./outboxes.js";

/** A timer that is set, or set anew, and for how long: in multiples of the protocol's base timeout. */
export type TimerSetting = readonly [timer: number, delay: number];

/** Of a step that sets no timer. */
export const noSettings: readonly TimerSetting[] = [];

/** Of a step that sends nothing. Outcomes are kept for every step, so what is empty in most is made once. */
const nobody: Outbox = [];

/** An effect that sends something. */
export type Sending = Extract<Effect<Json>, { readonly message: Json }>;

/** What a node's table needs from the system that it is part of. */
export interface Dependencies {
  /** Interns a message that `by` sends. */
  message(by: string, message: Json): number;
  /** The message with this id. */
  messageOf(message: number): Json;
  /**
   * The bits of those who receive a message that `by` sends and can make use of it; 0 if that is nobody
   * (clients, where there are none), -1 if the addressee does not exist.
   */
  recipients(by: string, effect: Sending, message: number): number;
  /** Whether messages on their way stand in inboxes: not on `async`. */
  readonly hasInboxes: boolean;
  /** Whether an adversary can make anything of this message. */
  isOfInterest(message: number): boolean;
  /** Interns a list of events, with what properties see change beside them. */
  events(events: readonly Event[], sights: readonly Sight[]): number;
  /** What properties see of this node's states; null: nothing. */
  readonly looks: Looks | null;
}

/**
 * An outcome of `step` before it meets the component: independent of timers set and messages sent.
 * Interned.
 */
export interface Outcome {
  readonly label: string | undefined;
  /** See `Step.random`. */
  readonly random: boolean;
  readonly local: number;
  /** What is added to the outbox. */
  readonly kept: Outbox;
  readonly sends: number;
  readonly defers: string | null;
  readonly timersOn: number;
  readonly timersOff: number;
  readonly events: number;
  readonly sets: readonly TimerSetting[];
}

/** What does not happen where nothing happens. */
const idle: Omit<Outcome, "local"> = {
  ...{
    label: undefined,
    random: false,
    kept: [],
    sends: 0,
    defers: null,
    timersOn: 0,
    timersOff: 0,
    events: 0,
  },
  sets: noSettings,
};

/**
 * Whether an outcome changes nothing about a node in this local state, whatever timers are set and messages
 * sent.
 */
export function changesNothing(outcome: Outcome, before: number): boolean {
  const { local, kept, sends, defers, timersOn, timersOff, events } = outcome;
  const isSilent = kept.length === 0 && sends === 0 && events === 0;
  return local === before && isSilent && defers === null && (timersOn | timersOff) === 0;
}

/** Interns the outcomes of one node. */
export class Outcomes {
  /** Timers by number. */
  readonly timers: string[] = [];
  readonly timerIds = new Numbering((timer) => this.timers.push(timer));
  readonly locals: Interner<Json>;
  /** What one step has sent, in order; 0 is nothing. */
  readonly sendings = new Outboxes();
  readonly #name: string;
  readonly #self: string;
  readonly #dependencies: Dependencies;
  /** By local state: the outcomes of a step that does nothing. */
  readonly #nothings: (readonly Outcome[])[] = [];
  /** By timer: the list of this setting alone that was needed last. */
  readonly #alone: (readonly TimerSetting[])[] = [];
  readonly #node: SeenNode;
  /** By local state: what properties see of it. */
  readonly #views: Views[] = [];
  /** By local state: the number of all that is seen of it. */
  readonly #shownBy: (number | undefined)[] = [];

  /** @param node its name for error messages; `self`: in whose name the node sends. */
  constructor(node: SeenNode, self: string, locals: Interner<Json>, dependencies: Dependencies) {
    this.#node = node;
    this.#name = node.id;
    this.#self = self;
    this.locals = locals;
    this.#dependencies = dependencies;
  }

  /**
   * Interns what `step` returned for the state `before` with id `local`; most often it is that state
   * itself.
   */
  digest(outcomes: AnyOutcomes, before: Json | undefined, local: number): readonly Outcome[] {
    const [only] = outcomes;
    if (outcomes.length === 1 && only!.state === before && only!.label === undefined)
      if (only!.effects.length === 0 && only!.events.length === 0) return this.ignoring(local);
    const labels = new Set<string | undefined>();
    return outcomes.map((outcome) => {
      const { label } = outcome;
      if (labels.has(label))
        this.malformed(`two outcomes of one step have the same label (${label ?? "none"})`);
      labels.add(label);
      return this.#digestOne(outcome, before, local);
    });
  }

  #digestOne(outcome: AnyOutcomes[number], before: Json | undefined, local: number): Outcome {
    const { label, random = false, state, effects, events } = outcome;
    const next = state === before ? local : this.locals.intern(state);
    if (next instanceof SchemaMismatch) this.malformed(`a state does not fit its schema: ${next}`);
    const { sends, defers, timersOn, timersOff, sets } = this.#sumUp(effects);
    const addressed = sends.length === 0 ? nobody : sends.filter(([, recipients]) => recipients !== 0);
    const { hasInboxes } = this.#dependencies;
    return {
      label,
      random,
      local: next,
      kept: hasInboxes && addressed.length > 0 ? this.#seenByAdversary(addressed) : addressed,
      sends: hasInboxes ? this.sendings.id(addressed) : 0,
      defers,
      timersOn,
      timersOff,
      sets,
      events: this.#shown(events, local, next),
    };
  }

  /** The number of what a step shows. */
  #shown(events: readonly Event[], before: number, after: number): number {
    const { looks } = this.#dependencies;
    if (looks === null || before === after) return this.#dependencies.events(events, []);
    const seen = before < 0 ? null : this.#viewsOf(looks, before);
    const views = this.#viewsOf(looks, after);
    // Of a step without events that shows to everybody who looks, the number depends on the state after it alone.
    const showsAll = events.length === 0 && looks.allChange(seen, views);
    if (showsAll && this.#shownBy[after] !== undefined) return this.#shownBy[after];
    const shown = this.#dependencies.events(events, looks.changes(seen, views));
    if (showsAll) this.#shownBy[after] = shown;
    return shown;
  }

  #viewsOf(looks: Looks, local: number): Views {
    this.#views[local] ??= looks.views(this.#node, this.locals.identity(this.locals.values[local]!));
    return this.#views[local];
  }

  /** The effects of one outcome together: the last one on a timer counts. */
  #sumUp(effects: readonly Effect<Json>[]) {
    let [timersOn, timersOff] = [0, 0];
    let defers: string | null = null;
    let sends: [number, number][] | null = null;
    let sets = noSettings;
    for (const effect of effects) {
      switch (effect.kind) {
        case "set-timer": {
          const timer = this.timerId(effect.timer);
          sets = this.#withSetting(sets, timer, effect.delay ?? 1);
          timersOn |= 1 << timer;
          timersOff &= ~(1 << timer);
          break;
        }
        case "cancel-timer":
          timersOff |= this.timerBit(effect.timer);
          timersOn &= ~this.timerBit(effect.timer);
          break;
        case "send":
        case "broadcast":
          sends ??= [];
          sends.push(this.#send(effect));
          break;
        case "defer": // on `async` the message stays deliverable in any case
          if (this.#dependencies.hasInboxes) defers = effect.key;
          break;
        default:
          effect satisfies never;
      }
    }
    return { sends: sends ?? nobody, defers, timersOn, timersOff, sets };
  }

  /** One timer by itself is mostly set in the same way: such a list is made once. */
  #withSetting(sets: readonly TimerSetting[], timer: number, delay: number): readonly TimerSetting[] {
    if (sets.length > 0) return [...sets, [timer, delay]];
    const known = this.#alone[timer];
    if (known !== undefined && known[0]![1] === delay) return known;
    const made = [[timer, delay] as const];
    this.#alone[timer] = made;
    return made;
  }

  /** The outcomes of a step that does nothing, by far the most frequent ones. */
  ignoring(local: number): readonly Outcome[] {
    this.#nothings[local] ??= [{ ...idle, local }];
    return this.#nothings[local];
  }

  #seenByAdversary(sends: Outbox): Outbox {
    return sends.flatMap(
      ([message]): Outbox => (this.#dependencies.isOfInterest(message) ? [[message, byzantineBit]] : []),
    );
  }

  #send(effect: Sending): [message: number, recipients: number] {
    const by = this.#self;
    const message = this.#dependencies.message(by, effect.message);
    const recipients = this.#dependencies.recipients(by, effect, message);
    if (recipients >= 0) return [message, recipients];
    return this.malformed(
      `a message to ${effect.kind === "send" ? JSON.stringify(effect.to) : "all"}, which is no node`,
    );
  }

  /** The number of a timer. */
  timerId(timer: string): number {
    const { id, isNew } = this.timerIds.id(timer);
    if (isNew) this.timers.push(timer);
    if (id > 30) this.malformed("more than 31 different timers");
    return id;
  }

  /** Its place in a bit mask. */
  timerBit(timer: string): number {
    return 1 << this.timerId(timer);
  }

  /** @throws {UserError} `protocol-malformed`. */
  malformed(what: string): never {
    throw new UserError("protocol-malformed", `${this.#name} returned something malformed: ${what}.`);
  }
}
