// What dead-messages.test.ts does of few random protocols, of many.

import { deadMessagesOfRandomProtocols } from "../support/dead-messages.js";

deadMessagesOfRandomProtocols(100, { none: [10, 9], "visible-steps": [4, 9] });
