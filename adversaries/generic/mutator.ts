// Mutator: a correct replica that changes one field of a message, for receivers of its choice: a number by
// one, a name, value or message type into another of the run; or it omits something. It knows only the schema
// of the messages. (Winter et al., "Randomized testing of Byzantine fault tolerant algorithms", OOPSLA 2023:
// small-scope mutations.)

import { type Adversary, clientIds, type Json, replicaIds } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";
import { variants } from "./variants.js";

/** Works for every protocol. */
export const mutator: Adversary<unknown> = puppet(
  "mutator",
  "follows the protocol, but may change one field of any message, differently to each",
  {
    says: (message, { self, byzantine, config, protocol }) =>
      variants(protocol.message, message as Json, {
        self,
        byzantine,
        nodes: [...replicaIds(config), ...clientIds(config)],
        values: protocol
          .requests(config)
          .flatMap((request) => [
            ...(typeof request === "string" ? [request] : []),
            protocol.digest(request),
          ]),
      }),
  },
);
