// `turncoat explore`: serves the interactive page, on which a person chooses the next action.

import { statSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { serverVariable } from "../campaign/server.js";
import { findProtocol, type SettingDescription, settingFrom } from "../catalogue/index.js";
import { readLink } from "../explorer/links.js";
import { endOf, sessionOf } from "../explorer/open-sessions.js";
import { explorerApp } from "../explorer/server.js";
import { type Place, Session } from "../explorer/session.js";
import { UserError } from "../model/errors.js";
import { settingName } from "../render/setting.js";
import { planToSee } from "../suite/plan.js";
import { readTrace } from "../trace/index.js";
import { pageAsset } from "../viewer/asset.js";
import { type ModuleOptions, refuseForeignModule, withModuleOption } from "./foreign-modules.js";
import { givenSettingOptions, requestFrom, type SettingOptions, withSettingOptions } from "./options.js";
import { newToken, type PageOptions, servePage } from "./serve-page.js";

interface ExploreOptions extends SettingOptions, ModuleOptions, PageOptions {
  /** The name of a campaign; true: the newest. */
  readonly campaign?: string | true;
  readonly redis?: string;
}

export function addExplore(command: Command): void {
  command.argument(
    "[protocol or trace]",
    "pbft, a mutant, ./my-protocol.ts, a trace file, or a link to a state (default: pbft)",
  );
  withSettingOptions(command)
    .optionsGroup("The page:")
    .option("--port <n>", "the port, on this machine only (default: a free one)", port)
    .option("--open", "open the page in the browser")
    .optionsGroup("Instead of a run:")
    .option(
      "--campaign [name]",
      "how far a campaign on many machines is, and what it has found (default: the newest)",
    )
    .option(
      "--redis <url>",
      `the server of the campaign (default: the environment variable ${serverVariable})`,
    )
    .addHelpText(
      "after",
      "\nExamples:\n  turncoat explore pbft/quorum-2f\n  turncoat explore corpus/pbft-new-view-unjustified.json --open\n  turncoat explore --campaign",
    )
    .action(async (subject: string | undefined, options: ExploreOptions) => {
      process.exitCode = await (options.campaign === undefined
        ? explore(subject ?? "pbft", options)
        : campaignPage(subject, options));
    });
  withModuleOption(command);
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("Use a port from 0 (a free one) to 65535.");
  return number;
}

async function explore(subject: string, options: ExploreOptions): Promise<number> {
  if (options.redis !== undefined)
    throw new UserError("bad-option", "--redis is the server of a campaign: use it with --campaign.");
  const { session, place, note, watches } = await opened(subject, options);
  pageAsset(); // what is wrong with it is told before anything is served
  const token = newToken();
  const app = explorerApp({
    token,
    session,
    place,
    ...(watches && { watches }),
    admit: (protocol) => refuseForeignModule("the link or file", protocol, options),
  });
  return servePage(app, token, note, options);
}

/** A page about a campaign: nothing of a run may be asked for beside it. */
async function campaignPage(subject: string | undefined, options: ExploreOptions): Promise<number> {
  const given = [...(subject === undefined ? [] : [subject]), ...givenSettingOptions(options)];
  if (given.length > 0)
    throw new UserError("bad-option", `--campaign shows no run of its own: leave out ${given.join(", ")}.`);
  const { exploreCampaign } = await import("./explore-campaign.js");
  return exploreCampaign(options.campaign === true ? undefined : options.campaign, options);
}

interface Subject {
  readonly session: Session;
  readonly place: Place;
  readonly note: string | null;
  readonly watches?: readonly string[];
}

async function opened(subject: string, options: ExploreOptions): Promise<Subject> {
  if (subject.includes("#")) {
    refuseSettingOptions(subject, options);
    const link = readLink(subject.slice(subject.indexOf("#")));
    refuseForeignModule("the link", link.setting.protocol, options);
    const { session } = await begun(link.setting);
    let place = session.startOf(link.start) ?? session.starts[0]!;
    for (const key of link.path) place = session.take(place, key) ?? place;
    return { session, place, note: null, ...(link.watches && { watches: link.watches }) };
  }
  if (subject.endsWith(".json") && statSync(subject, { throwIfNoEntry: false })?.isFile()) {
    refuseSettingOptions(subject, options);
    const trace = await readTrace(subject);
    refuseForeignModule(subject, trace.setting.protocol, options);
    const session = await sessionOf(trace);
    const { at: place, note } = endOf(session, trace);
    return { session, place, note };
  }
  const runs = planToSee(await findProtocol(subject), requestFrom(subject, options));
  const { description } = runs[0]!;
  const others =
    runs.length > 1 ? ` (the first of ${runs.length}: choose another one with options, as for check)` : "";
  return { ...(await begun(description)), note: `${settingName(description)}${others}` };
}

async function begun(description: SettingDescription) {
  const session = new Session(await settingFrom(description), description.protocol);
  return { session, place: session.starts[0]! };
}

function refuseSettingOptions(subject: string, options: ExploreOptions): void {
  const given = givenSettingOptions(options);
  if (given.length > 0)
    throw new UserError("bad-option", `What to explore stands in ${subject}: leave out ${given.join(", ")}.`);
}
