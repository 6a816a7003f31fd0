// What symmetry.test.ts does of few random protocols, of many.

import { symmetryOfRandomProtocols } from "../support/symmetry.js";

symmetryOfRandomProtocols(120, { compared: 83, violated: 4, refused: 37 });
