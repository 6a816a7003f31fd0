// A live exploration: a tree of the states that were visited, each reached from its parent by one action of the model. It is the fourth
// way to resolve the model's nondeterminism: search takes every branch, fuzz asks a generator, replay reads a trace, and here a person
// is asked. It computes nothing of its own about a protocol, and knows nothing of pages and sockets.

import type { Action, StartChoice } from "../model/action.js";
import { isSame } from "../model/possible-action.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import type { NodeId } from "../protocol/index.js";
import { Sendings } from "../render/sendings.js";
import { startTexts } from "../render/step-words.js";
import { type Moment, momentObserver } from "../trace/moment.js";
import { type NodeSummary, type StepChange, stepObserver, summarizeNodes } from "../trace/step-change.js";
import type { Story, StoryStep } from "../viewer/story.js";
import { StoryTeller } from "../viewer/tell.js";
import { actionKey } from "./action-key.js";
import { everyAction } from "./enabled.js";

/** A visited state. */
export interface Place {
  readonly id: number;
  readonly parent: Place | null;
  /** The start that the run began with. */
  readonly start: StartChoice;
  readonly vector: Int32Array;
  readonly depth: number;
  readonly moment: Moment;
  /** What has led here; null for a start. */
  readonly change: StepChange | null;
  readonly step: StoryStep | null;
  readonly key: string;
}

/** See the file comment. */
export class Session {
  readonly setting: Setting;
  /** The name under which the protocol is found again. */
  readonly name: string;
  readonly system: TransitionSystem;
  readonly teller: StoryTeller;
  /** One for each way in which a run can begin. */
  readonly starts: readonly Place[];
  readonly #places: Place[] = [];
  readonly #children = new Map<string, Place>();
  readonly #observe: (before: Int32Array, after: Int32Array, action: Action) => StepChange;
  readonly #momentOf: (vector: Int32Array) => Moment;
  /** What was sent on the way to the place that was reached last, so that a run that goes on need not be gone through again. */
  #sendings: { place: Place; index: Sendings } | null = null;

  constructor(setting: Setting, name = setting.protocol.name) {
    this.setting = setting;
    this.name = name;
    this.system = new TransitionSystem(setting);
    this.teller = new StoryTeller(setting);
    this.#observe = stepObserver(this.system, setting.properties);
    this.#momentOf = momentObserver(this.system, setting.properties);
    this.starts = this.system.initial().map(({ vector, choice }) => {
      const place = { parent: null, start: choice, vector, depth: 0, change: null, step: null, key: "" };
      return this.#keep({ ...place, id: this.#places.length, moment: this.#momentOf(vector) });
    });
  }

  /** The place with this number, or undefined. */
  place(id: number): Place | undefined {
    return this.#places[id];
  }

  /** The start that an execution names, or undefined. */
  startOf(choice: StartChoice): Place | undefined {
    const text = (start: StartChoice) => JSON.stringify(Object.entries(start).sort());
    return this.starts.find(({ start }) => text(start) === text(choice));
  }

  /**
   * The place after an action; null if it is not possible. `isOnLoop`: a choice to change nothing is possible, too. `timeMs`: when it
   * happens, if it is one of a timed trace.
   */
  perform(from: Place, action: Action, isOnLoop = false, timeMs: number | null = null): Place | null {
    const key = actionKey(action);
    const known = this.#children.get(`${from.id} ${key}`);
    if (known) return known;
    const next =
      this.system.perform(from.vector, action) ??
      (isOnLoop && this.system.idles(from.vector, action) ? from.vector : null);
    return next && this.#add(from, action, next, key, timeMs);
  }

  /** The place after the action with this key (see action-key.ts); null if there is none. */
  take(from: Place, key: string): Place | null {
    const known = this.#children.get(`${from.id} ${key}`);
    if (known) return known;
    for (const action of everyAction(this.system, from.vector))
      if (actionKey(action) === key) return this.perform(from, action);
    return null;
  }

  /** Performs actions one after the other, as far as they are possible. */
  follow(from: Place, actions: readonly Action[], isOnLoop = false, timesMs: readonly number[] = []): Place {
    let place = from;
    for (const [index, action] of actions.entries()) {
      const next = this.perform(place, action, isOnLoop, timesMs[index] ?? null);
      if (!next) break;
      place = next;
    }
    return place;
  }

  /** What an action would change, without going there. */
  preview(from: Place, action: Action, next: Int32Array): StepChange {
    return this.#observe(from.vector, next, action);
  }

  #add(parent: Place, action: Action, vector: Int32Array, key: string, timeMs: number | null): Place {
    const change = this.#observe(parent.vector, vector, action);
    const before = this.summaries(parent).find(({ node }) => node === change.node) ?? change.now;
    const causes = this.#sendingsAt(parent).add(change);
    const step = this.teller.step(change, { before, moment: parent.moment, causes, timeMs });
    const { start, depth } = parent;
    const place = {
      id: this.#places.length,
      parent,
      start,
      vector,
      depth: depth + 1,
      moment: change.moment,
      change,
      step,
      key,
    };
    this.#children.set(`${parent.id} ${key}`, place);
    if (this.#sendings) this.#sendings = { ...this.#sendings, place };
    return this.#keep(place);
  }

  #sendingsAt(place: Place): Sendings {
    if (this.#sendings?.place === place) return this.#sendings.index;
    const index = new Sendings(this.setting, this.summaries(place));
    for (const { change } of this.path(place)) if (change) index.add(change);
    this.#sendings = { place, index };
    return index;
  }

  #keep(place: Place): Place {
    this.#places.push(place);
    return place;
  }

  /** Where the correct nodes stand. */
  summaries({ vector }: Pick<Place, "vector">): NodeSummary[] {
    return summarizeNodes(this.system, vector);
  }

  /** The places from the start to this one, both included. */
  path(place: Place): Place[] {
    const path: Place[] = [];
    for (let at: Place | null = place; at; at = at.parent) path.push(at);
    return path.reverse();
  }

  /** The actions that lead to a place. */
  actions(place: Place): Action[] {
    return this.path(place).flatMap(({ change }) => change?.action ?? []);
  }

  /** The story of the run that leads to a place. */
  story(place: Place, name: string): Story {
    const path = this.path(place);
    const [first, ...rest] = path;
    const back = path.findIndex((earlier) => earlier !== place && isSame(earlier.vector, place.vector));
    const steps = rest.map(({ step }) => step!);
    const violated = place.moment.monitors.find(({ verdict }) => verdict === "violated");
    return {
      ...this.teller.beginning(this.summaries(first!), first!.moment, startTexts(first!.start)),
      name,
      property: violated?.property ?? null,
      outcome: violated ? "violated" : "open",
      end: violated ? `${violated.property} is violated: ${violated.why}.` : endText(steps.length, back),
      lanes: this.teller.lanes(steps),
      steps,
      loopFrom: back < 0 ? null : back,
      unavoidable: null,
    };
  }

  /** The names of the nodes that a run has, as expressions know them. */
  get nodeNames(): NodeId[] {
    return this.system.nodes.slice(0, this.system.correctCount).map(({ spec }) => spec.id);
  }
}

/** `back`: after how many steps the run was in this state before; negative if it was not. */
function endText(steps: number, back: number): string {
  if (back >= 0)
    return `It is where it was ${back === 0 ? "at the start" : `after step ${back}`}: what lies between can be repeated for ever.`;
  return steps === 0 ? "The start: choose what happens next." : "Nothing is violated so far.";
}
