// Random: the malicious node of the asyncio tutorial. As primary it makes up a digest for every receiver. As
// a backup it ignores half of the proposals; for the others it sends a prepare, half of the time with a fake
// digest. It never commits, and sends no message that the tutorial does not have (view changes, replies).

import type { Puppet } from "../../src/protocol/index.js";
import { bodyOf, changed, fake } from "./parts.js";

export const random: Puppet<unknown> = {
  name: "random",
  summary:
    "the asyncio tutorial's: half silent, fake digests, never commits; as primary a digest for each receiver",
  attach: ({ self, random: dice }) => {
    /** One decision for each prepare, however many receive it; null: nothing is sent. */
    const prepares = new WeakMap<object, { readonly said: unknown }>();
    return {
      says: (to, message) => {
        const { tag, digest } = bodyOf(message);
        if (tag === "pre-prepare")
          return [
            { to, message: changed(self, message, { digest: fake(digest, `to=${to}::${dice.below(1e9)}`) }) },
          ];
        if (tag !== "prepare") return [];
        let decided = prepares.get(message as object);
        if (!decided) {
          decided = { said: decide(message, digest) };
          prepares.set(message as object, decided);
        }
        return decided.said === null ? [] : [{ to, message: decided.said }];
      },
    };

    function decide(message: unknown, digest: string | undefined): unknown {
      if (dice.float() < 0.5) return null;
      return dice.float() < 0.5 ? message : changed(self, message, { digest: fake(digest) });
    }
  },
};
