// A setting that is waited for as the file is loaded, so only files of their own may import it: in a room the tests of others would begin meanwhile.

import { fileURLToPath } from "node:url";
import { settingFrom } from "../../src/catalogue/index.js";

/** Streamlet of other people, with a liar. */
export const streamlet = await settingFrom({
  protocol: fileURLToPath(new URL("../../../test/cases/streamlet.ts", import.meta.url)),
  config: { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false },
  byzantine: ["r3"],
  adversary: "arbitrary",
  network: "async",
  bounds: { views: 1 },
  properties: ["agreement"],
});
