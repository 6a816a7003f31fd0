// The generic adversaries: those that work for every protocol.

import type { Adversary, Json } from "../../src/protocol/index.js";
import { amnesiac } from "./amnesiac.js";
import { delayer } from "./delayer.js";
import { mutator } from "./mutator.js";
import { replayer } from "./replayer.js";
import { selectiveSender } from "./selective-sender.js";
import { silent } from "./silent.js";
import { twin } from "./twin.js";

/** They know of messages only what the schema says. The weakest come first. */
export const genericAdversaries = [
  silent,
  replayer,
  delayer,
  selectiveSender,
  amnesiac,
  twin,
  mutator,
] as unknown as readonly Adversary<Json>[];
