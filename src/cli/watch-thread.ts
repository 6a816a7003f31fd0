// A thread that determines which files to watch. A thread loads a module only once, so each answer comes from
// a new thread.

import { sourceFiles } from "../suite/source-files.js";
import { serve } from "../threads/serve.js";

serve<string | null, string[]>((protocol) => sourceFiles(protocol ?? undefined));
