// `npm run build`, last part: makes build/bundle if it is not made.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMade } from "./made.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
if (!isMade(root)) {
  const { makeBundle } = await import("./bundle.js"); // loads the catalogue
  await makeBundle(join(root, "build/bundle"));
}
