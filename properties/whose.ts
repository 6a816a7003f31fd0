// Whose request a digest names. What Byzantine clients ask for nobody sees, so properties that ask who has asked make an exception
// of it. Digests begin with the client's id, as in `c0:1:A`, in protocols whose clients can be Byzantine.

import { clientIds, type RunFacts } from "../src/protocol/index.js";

/** Whether a request is one that a Byzantine client may have made. */
export function isOfByzantineClient({ config, correct }: RunFacts, request: string): boolean {
  if (!config.clients) return false;
  return clientIds(config).some((id) => !correct.includes(id) && request.startsWith(`${id}:`));
}
