// What all worlds have in common: the system and its names by content, the start of a run, and what can be
// read from the state vector.

import type { StartChoice } from "../../model/action.js";
import type { InitialState, TransitionSystem } from "../../model/system.js";
import type { Violation } from "../../model/walk.js";
import type { NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";
import { Content } from "./content.js";
import type { Witness } from "./world.js";

/** The base of the three worlds. */
export abstract class BaseWorld {
  dice!: Dice;
  initial = 0;
  violation: Violation | null = null;
  readonly nodes: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  abstract readonly vector: Int32Array;
  abstract readonly types: readonly string[];
  protected readonly system: TransitionSystem;
  protected readonly witness: Witness;
  protected readonly content: Content;
  protected readonly initials: readonly InitialState[];
  protected readonly versions: Int32Array;
  /** Whether the adversary makes up messages, and forwards those of others. */
  protected readonly speech: { readonly lies: boolean; readonly relays: boolean };

  constructor(system: TransitionSystem, witness: Witness) {
    const { setting } = system;
    this.system = system;
    this.witness = witness;
    this.content = new Content(system);
    this.initials = system.initial();
    this.nodes = system.nodes.map(({ spec }) => spec.id);
    this.byzantine = setting.byzantine;
    this.versions = new Int32Array(system.nodes.length);
    const lies = setting.byzantine.length > 0 && setting.adversary?.speaks === true;
    this.speech = { lies, relays: lies && setting.adversary?.forwards === true };
  }

  begin(dice: Dice): void {
    this.dice = dice;
    this.beginAt(dice.below(this.initials.length));
  }

  abstract beginAt(initial: number): void;

  get start(): StartChoice {
    return this.initials[this.initial]!.choice;
  }

  version(node: number): number {
    return this.versions[node] as number;
  }

  view(node: number): number {
    return this.system.nodes[node]!.viewOf[this.vector[node]!]!;
  }

  get observed(): number {
    const observation = this.vector[this.vector.length - 1] as number;
    return this.content.observation(observation)[observation * 2] as number;
  }
}
