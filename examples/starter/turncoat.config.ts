// What `turncoat check` runs, here and in CI.

import { defineConfig } from "turncoat/suites";

export default defineConfig({
  suites: [
    {
      name: "mine",
      requests: [
        { protocol: "./protocol.ts", adversaries: ["none"], properties: ["agreement"], expect: "holds" },
        {
          protocol: "./protocol.ts",
          adversaries: ["mutator"],
          byzantine: ["r0"],
          properties: ["agreement"],
          expect: "violated", // until your protocol can take a lie
        },
      ],
    },
  ],
});
