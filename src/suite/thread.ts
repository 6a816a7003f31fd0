// A worker thread that makes runs of a suite.

import { settingFrom } from "../catalogue/index.js";
import type { Progress } from "../explore/progress.js";
import { search } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { serve } from "../threads/serve.js";
import { tracingFaults } from "../trace/index.js";
import type { RunTask } from "./side-by-side.js";

serve<RunTask, SearchResult, Progress>(({ tracing, options }, note, signal) =>
  tracingFaults(tracing, async () =>
    search(await settingFrom(tracing.setting), { ...options, signal, onProgress: note }),
  ),
);
