// The entry point of a thread that merges blocks; minimizing may take a while.

import { serve } from "../threads/serve.js";
import { type Merged, type MergeTask, merge } from "./merge.js";

serve<MergeTask, Merged>((task) => merge(task));
