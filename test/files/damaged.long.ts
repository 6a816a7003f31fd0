// What damaged.test.ts does with few damaged files, with many.

import { damagedFilesAreRefused } from "../support/damaged-files.js";

damagedFilesAreRefused(400);
