// The first import of a test file of which no coverage is recorded. What is compiled from now on counts nothing.

import { stopRecording } from "./coverage.js";

stopRecording();
