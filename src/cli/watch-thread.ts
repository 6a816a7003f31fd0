// A thread that tells which files to watch. Modules are loaded once in a thread, so each question has a thread of its own.

import { sourceFiles } from "../suite/source-files.js";
import { serve } from "../threads/serve.js";

serve<string | null, string[]>((protocol) => sourceFiles(protocol ?? undefined));
