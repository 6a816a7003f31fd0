// What `turncoat check` runs in this directory, and what test/suite.test.ts makes tests of.

export default {
  suites: [
    {
      name: "pbft",
      requests: [
        {
          protocol: "pbft",
          adversaries: ["equivocating-primary"],
          properties: ["agreement", "validity"],
          views: 0,
          expect: "holds",
        },
        { protocol: "pbft/quorum-2f", expect: "violated" },
        { protocol: "pbft/primary-forever", expect: "violated" },
      ],
    },
  ],
};
