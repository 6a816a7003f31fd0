// The class that bench/real.ts measures.

import { real } from "turncoat/real";
import { echoWith, type Message } from "../test/real/fixtures/echo.js";

export default real<Message>(echoWith(3), { unordered: true, ask: "at-start" });
