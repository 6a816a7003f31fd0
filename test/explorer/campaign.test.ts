// The page about a campaign, without a server of campaigns.

import test from "ava";
import { type CampaignNow, campaignApp } from "../../src/explorer/campaign.js";
import { UserError } from "../../src/model/errors.js";

test("the page is asked for again while the campaign goes on, and also after an error", async (t) => {
  const running: CampaignNow = {
    ...{ lines: ["1 of 2 blocks"], isOver: false, failures: [] },
    section: {
      name: "nightly",
      isOfSearches: false,
      history: { workers: [], minutes: [], seen: [] },
      parts: [],
    },
  };
  const answers: (CampaignNow | Error)[] = [
    running,
    new UserError("bad-option", "The server cannot be reached."),
    new Error("a bug"),
    { ...running, isOver: true },
  ];
  const now = async () => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const app = campaignApp({ token: "a-token", now, admit: () => {} });
  const seen: [number, string | null][] = [];
  while (answers.length > 0) {
    const { status, headers } = await app.request("http://127.0.0.1:1/a-token/", {
      headers: { host: "127.0.0.1:1" },
    });
    seen.push([status, headers.get("refresh")]);
  }
  t.deepEqual(seen, [
    [200, "5"],
    [400, "5"],
    [500, "5"],
    [200, null],
  ]);
});
