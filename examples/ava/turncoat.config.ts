// The runs of `turncoat check` in this directory; test/suite.test.js makes tests of them.

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
