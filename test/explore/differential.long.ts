// What differential.test.ts does of few random protocols, of many.

import { agreeOnAllKinds } from "../support/agreeing.js";

agreeOnAllKinds({ usual: 40, idle: 25 });
