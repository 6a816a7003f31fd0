// The example of properties with fast-check is itself a test.

import "../../examples/schedules.test.js";
