// The entry point of a thread that minimizes a failure.

import { serve } from "../threads/serve.js";
import { type MinimizeTask, minimizeOne } from "./minimize.js";

serve<MinimizeTask, string | null>((task) => minimizeOne(task));
