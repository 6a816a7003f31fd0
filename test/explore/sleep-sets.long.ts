// What sleep-sets.test.ts does in small state spaces, in larger ones.

import { leavesOutOfPbft, leavesOutOfTwoPhaseCommit } from "../support/sleeping.js";

leavesOutOfTwoPhaseCommit(7, [296_448, 1_735_809, 451_434]);
leavesOutOfPbft("r0", 2, [359_074, 2_532_212, 1_380_545]);
