// What `turncoat check` runs in this directory, and what test/suite.test.js makes tests of.

const adversaries = ["none", "silent", "arbitrary"];

export default {
  suites: [
    {
      name: "vote",
      requests: [
        { protocol: "./vote.ts", replicas: 4, adversaries, expect: "holds" },
        { protocol: "./vote.ts", replicas: 5, adversaries, expect: "holds" },
      ],
    },
  ],
};
