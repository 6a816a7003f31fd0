// The puppets that come with Turncoat, for simulations.

import type { Puppet } from "../../src/protocol/index.js";
import { delayed } from "./delayed.js";
import { equivocatingPrimaryPuppet } from "./equivocating-primary.js";
import { hasty } from "./hasty.js";
import { lyingVoterPuppet } from "./lying-voter.js";
import { mutePrimary } from "./mute-primary.js";
import { random } from "./random.js";
import { selective } from "./selective.js";
import { silentPuppet } from "./silent.js";

/** Each of them works for every protocol whose messages have PBFT's names. */
export const puppets: readonly Puppet<unknown>[] = [
  silentPuppet,
  mutePrimary,
  selective,
  delayed,
  lyingVoterPuppet,
  hasty,
  equivocatingPrimaryPuppet,
  random,
];
