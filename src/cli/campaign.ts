// `turncoat campaign`: a fuzz campaign on several machines, over a Redis server.

import { Argument, type Command } from "commander";
import {
  actions,
  type CampaignAction,
  type CampaignOptions,
  refuseOthersOptions,
  withCampaignOptions,
} from "./campaign-options.js";

export function addCampaign(command: Command): void {
  command
    .addArgument(
      new Argument(
        "<action>",
        "start: begin a campaign; work: make its blocks here; status: how far it is; stop: end it; result: report what was found",
      ).choices(actions),
    )
    .argument(
      "[what]",
      "start: the protocol (default: pbft); others: the campaign (default: the newest; work: all, one after another)",
    );
  withCampaignOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  export TURNCOAT_REDIS=redis://10.0.0.1:6379\n" +
        "  turncoat campaign start pbft --slots 3 --requests 3 --views 2 --adversary arbitrary\n" +
        "  turncoat campaign work                    # on every machine\n" +
        "  turncoat campaign status --watch\n" +
        "  turncoat campaign result --report campaign.json",
    )
    .action(async (action: CampaignAction, what: string | undefined, options: CampaignOptions) => {
      refuseOthersOptions(action, command);
      process.exitCode = await (await load(action))(what, options);
    });
}

type Action = (what: string | undefined, options: CampaignOptions) => Promise<number>;

async function load(action: CampaignAction): Promise<Action> {
  switch (action) {
    case "start":
      return (await import("./campaign-start.js")).startIt;
    case "work":
      return (await import("./campaign-work.js")).workForIt;
    case "status":
      return (await import("./campaign-status.js")).tellStatus;
    case "stop":
      return (await import("./campaign-status.js")).stopIt;
    case "result":
      return (await import("./campaign-result.js")).tellResult;
  }
}
