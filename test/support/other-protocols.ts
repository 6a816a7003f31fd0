// Runs a neighbour's suite, and tells what came out in one line for each run: tests compare whole tables.

import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { settingName } from "../../src/render/setting.js";
import { otherProtocolSuites } from "../../src/suite/other-protocols.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest } from "../../src/suite/request.js";

/** As in "bracha, silent at r1, views 0-0: holds, 36 states", or "...: totality violated, 12 actions, 99 states". */
export async function outcomes(request: CheckRequest): Promise<string[]> {
  const lines: string[] = [];
  for (const { description, reduction } of plan(await findProtocol(request.protocol), request)) {
    const { verdict, counterexample, states } = await search(
      await settingFrom(description),
      reduction === null ? {} : { reduction },
    );
    const what = counterexample
      ? `${counterexample.property} violated, ${counterexample.actions.length} actions`
      : verdict;
    lines.push(`${settingName(description)}: ${what}, ${states} states`);
  }
  return lines;
}

/** All lines of a protocol's suite, or of some of its requests. */
export async function suiteOutcomes(
  protocol: string,
  isWanted: (request: CheckRequest) => boolean = () => true,
): Promise<string[]> {
  const { requests } = otherProtocolSuites.find(({ name }) => name === protocol)!;
  const lines: string[] = [];
  for (const request of requests.filter(isWanted)) lines.push(...(await outcomes(request)));
  return lines;
}
