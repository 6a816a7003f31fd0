// What `turncoat check` runs in this directory, and what test/suite.test.js makes tests of.

export default {
  suites: [
    {
      name: "vote",
      requests: [
        { protocol: "./vote.ts", replicas: 4, adversaries: ["none", "silent", "arbitrary"], expect: "holds" },
        { protocol: "./vote.ts", replicas: 5, adversaries: ["arbitrary"], expect: "holds" },
      ],
    },
  ],
};
