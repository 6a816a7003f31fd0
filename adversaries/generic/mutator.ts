// Mutator: a correct replica that, to whom it likes, changes one field of what it says: a number by one, a name or a value
// into another of the run, one type of message into another; or it leaves something out. It knows nothing of the
// protocol but the schema of its messages. (Winter et al., "Randomized testing of Byzantine fault tolerant algorithms",
// OOPSLA 2023, calls such mutations small-scope.)

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
