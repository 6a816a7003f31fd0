// The client whose request a digest names. Nobody observes what Byzantine clients issue, so properties about
// who issued what exempt their requests. Where clients can be Byzantine, digests begin with the client's id,
// as in `c0:1:A`.

import { clientIds, type RunFacts } from "../src/protocol/index.js";

/** Whether a Byzantine client may have made this request. */
export function isOfByzantineClient({ config, correct }: RunFacts, request: string): boolean {
  if (!config.clients) return false;
  return clientIds(config).some((id) => !correct.includes(id) && request.startsWith(`${id}:`));
}
