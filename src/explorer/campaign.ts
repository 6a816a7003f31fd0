// The page of the explorer about a campaign on many machines: how far it is, and each failure in the viewer. It asks the server of the
// campaign anew each time, and has the browser do so while the campaign goes on.

import { Hono } from "hono";
import { UserError } from "../model/errors.js";
import { escaped, htmlPage } from "../render/html.js";
import { type CampaignSection, campaignHtml } from "../report/campaign-html.js";
import { decodeTrace, replay } from "../trace/index.js";
import { viewerPlace, viewerScript } from "../viewer/embed.js";
import { storyOf } from "../viewer/tell.js";
import { guard } from "./guard.js";
import { policyOf } from "./policy.js";

/** What is known of a campaign at a moment. */
export interface CampaignNow {
  /** The lines of `turncoat campaign status`. */
  readonly lines: readonly string[];
  readonly section: CampaignSection;
  readonly isOver: boolean;
  readonly failures: readonly CampaignFailure[];
}

/** A failure that was told. */
export interface CampaignFailure {
  /** What it is, in one line. */
  readonly line: string;
  /** Its minimized trace, as the text of a trace file; null: there is none yet. */
  readonly trace: string | null;
}

export interface CampaignPageOptions {
  readonly token: string;
  readonly now: () => Promise<CampaignNow>;
  /** @throws {UserError} if the code that a trace names must not be run. */
  readonly admit: (protocol: string) => void;
}

/** The browser asks again after so many seconds. */
const refreshSeconds = 5;

/** The application, without a socket. It answers `/TOKEN/` and, for the n-th failure, `/TOKEN/failure/n`. */
export function campaignApp({ token, now, admit }: CampaignPageOptions): Hono {
  const app = new Hono();
  guard(app, token);
  app.onError((error, context) => {
    const known = error instanceof UserError;
    return context.text(known ? error.message : `turncoat has a bug: ${error.stack}`, known ? 400 : 500);
  });
  app.get("/:token/", async (context) => {
    context.header("refresh", `${refreshSeconds}`); // an error has it as well: the server of the campaign may be back by then
    const campaign = await now();
    if (campaign.isOver) context.header("refresh", undefined);
    return shown(context, pageOf(campaign));
  });
  app.get("/:token/failure/:number", async (context) => {
    const { failures } = await now();
    const text = failures[Number(context.req.param("number")) - 1]?.trace ?? null;
    if (text === null) throw new UserError("bad-option", "There is no such failure, or no trace of it yet.");
    const trace = decodeTrace(text, "the campaign's trace");
    admit(trace.setting.protocol);
    return shown(context, await failurePage(trace));
  });
  return app;
}

function shown(
  context: { header(name: string, value: string): void; html(text: string): Response | Promise<Response> },
  page: string,
) {
  context.header("content-security-policy", `${policyOf(page)}; frame-ancestors 'none'`);
  return context.html(page);
}

function pageOf({ lines, section, isOver, failures }: CampaignNow): string {
  const links = failures.map(({ line, trace }, index) => {
    const link = trace === null ? "(being minimized)" : `<a href="failure/${index + 1}">look at it</a>`;
    return `<li>${escaped(line)} ${link}</li>`;
  });
  const again = isOver ? "It is over." : `This page asks again every ${refreshSeconds} seconds.`;
  const found = links.length === 0 ? "" : `<h2>Found</h2>\n<ol>\n${links.join("\n")}\n</ol>\n`;
  return htmlPage(
    `turncoat explore: the campaign ${section.name}`,
    `<p>${again}</p>\n<pre>${escaped(lines.join("\n"))}</pre>\n${found}${campaignHtml(section)}`,
  );
}

async function failurePage(trace: ReturnType<typeof decodeTrace>): Promise<string> {
  const { protocol } = trace.setting;
  const stories = [storyOf(await replay(trace), protocol)];
  const place = viewerPlace(0, "This page needs scripts.", true);
  return htmlPage(`${protocol}: ${trace.violates.property}`, place, "", viewerScript({ stories }));
}
