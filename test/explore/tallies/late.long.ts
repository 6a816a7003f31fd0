// What late.test.ts does with few sets of votes, with many.

import { fours, lateWordsAreTried } from "../../support/late-words.js";

lateWordsAreTried(fours, 18);
