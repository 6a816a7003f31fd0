// Phrases for the bulky messages of PBFT: a view-change contains certificates, a new-view contains
// view-changes, and field by field neither is readable in one line. A message that does not have exactly
// their shape gets no phrase.

import * as Schema from "effect/Schema";
import type { Json, Signed } from "../protocol/index.js";
import { NewView, type PrePrepare, type Prepared, ViewChange } from "../protocols/pbft/messages.js";

/** How values inside a message are put into words: a `Describer` does it. */
interface Words {
  value(value: Json): string;
}

const isViewChange = Schema.is(ViewChange);
const isNewView = Schema.is(NewView);

/** The wording of a message's body, or null if there is none. */
export function phrase(body: Json, describe: Words): string | null {
  if (isViewChange(body)) return `view-change to view ${body.view}, ${preparedText(body, describe)}`;
  if (isNewView(body)) return newViewText(body, describe);
  return null;
}

function preparedText({ prepared, stable }: ViewChange, describe: Words): string {
  const from = stable === 0 ? "" : `stable ${stable}, `;
  if (prepared.length === 0) return `${from}prepared: nothing`;
  return `${from}prepared: ${prepared.map((item) => certificateText(item, describe)).join("; ")}`;
}

/**
 * `slot 1 c0:1:A@view 0`; and how far the votes behind it are from being what they should be, if they are.
 */
function certificateText({ prePrepare, prepares }: Prepared, describe: Words): string {
  const { view, slot, digest } = prePrepare.body;
  const { vote, atLeast, among } = prepares;
  const matches = vote.view === view && vote.slot === slot && vote.digest === digest;
  const votes = `${atLeast} of ${among.length} votes`;
  const behind = matches ? votes : `${votes} for ${describe.value(vote)}`;
  return `${proposalText(prePrepare, describe)}@view ${view} (${behind})`;
}

/** `slot 1 c0:1:A`, and the request if it is not the one that the digest names. */
function proposalText({ body: { slot, digest, request } }: Signed<PrePrepare>, describe: Words): string {
  const named = request === null ? "null" : describe.value(request as unknown as Json);
  return `slot ${slot} ${digest}${named === digest ? "" : ` (request: ${named})`}`;
}

function newViewText({ view, viewChanges, proposals }: NewView, describe: Words): string {
  const proposed = proposals.map((proposal) => proposalText(proposal, describe)).join("; ") || "nothing";
  const { bodies, atLeast } = viewChanges;
  const said = bodies.map((body) =>
    body.prepared.length === 0 ? "without certificates" : `with ${preparedText(body, describe)}`,
  );
  const because =
    said.length === 0 ? "no view-change" : `view-changes of ${atLeast} replicas: ${said.join(", ")}`;
  return `new-view ${view}, proposes: ${proposed}, because of ${because}`;
}
