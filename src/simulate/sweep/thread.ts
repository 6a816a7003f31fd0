// A worker thread of a sweep: makes the runs that it is given.

import { serve } from "../../threads/serve.js";
import { type SimulationResult, simulate } from "../result.js";
import type { Parameters } from "../setting.js";

serve<Parameters, SimulationResult>((parameters) => simulate(parameters));
