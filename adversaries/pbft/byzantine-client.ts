// Byzantine client: it makes two requests under one timestamp, sends its requests to replicas of its choice,
// and makes authenticators that are correct for some replicas only. No replica helps it; a colluding one is
// silent.

import type { Adversary } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { isClient, speaksAsClient } from "./alphabet/place.js";
import { clientRequests } from "./alphabet/requests.js";

/**
 * A client of PBFT that asks for two things under one timestamp, of whom it likes, with authenticators that
 * convince only some.
 */
export const byzantineClient: Adversary<Message> = {
  name: "byzantine-client",
  summary:
    "as a client, asks for two things at a time, of whom it likes, with authenticators that convince only some",
  strength: 2,
  plays: "client",
  forwards: false,
  speaks: true,
  canMove: speaksAsClient,
  observes: () => false,
  moves: (place) => (isClient(place) || !speaksAsClient(place) ? [] : clientRequests(place)),
};
