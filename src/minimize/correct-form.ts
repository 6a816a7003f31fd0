// What a smaller setting says of a mutant. If the correct form of its protocol is violated there as well, a counterexample says nothing of
// the flaw: the setting is too small for the protocol. A short search looks for such a violation, so a longer one may be missed.

import { search } from "../explore/search.js";
import { UserError } from "../model/errors.js";
import { refusalOf, type Setting } from "../model/setting.js";
import type { Json, Protocol } from "../protocol/index.js";
import { focusOn } from "../trace/focus.js";
import { lengthOf } from "./oracle.js";
import type { Found } from "./shorter.js";

/** So many states are visited at most. */
const maxStates = 5_000;

/** Tells whether a smaller setting tells the mutant from its correct form. */
export class CorrectForm {
  readonly #protocol: Protocol<Json, Json>;
  /** By setting and length, in words. */
  readonly #known = new Map<string, boolean>();

  constructor(protocol: Protocol<Json, Json>) {
    this.#protocol = protocol;
  }

  /** Whether it is violated where the mutant is, by no more actions. */
  async failsToo({ oracle, sequence }: Found): Promise<boolean> {
    const { setting, property } = oracle;
    const { config, byzantine, adversary, bounds, network } = setting;
    const length = lengthOf(sequence);
    const words = JSON.stringify([config, byzantine, adversary?.name, bounds, network, length]);
    const known = this.#known.get(words);
    if (known !== undefined) return known;
    const fails = await this.#isViolated(setting, property, length, oracle.tally.budget?.limits);
    oracle.tally.budget?.run(() => {}); // a search that was cut for time says nothing
    this.#known.set(words, fails);
    return fails;
  }

  async #isViolated(
    setting: Setting,
    property: string,
    maxDepth: number,
    limits: object = {},
  ): Promise<boolean> {
    if (refusalOf(this.#protocol, setting.config) !== null) return false;
    const correct = { ...setting, protocol: this.#protocol };
    try {
      return (
        (await search(focusOn(correct, property), { maxStates, maxDepth, ...limits })).counterexample !== null
      );
    } catch (error) {
      if (error instanceof UserError) return false; // it says nothing of this setting
      throw error;
    }
  }
}
