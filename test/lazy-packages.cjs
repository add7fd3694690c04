"use strict";
// The SDK loads packages at startup that no test needs, as in the preview; under the engine it loads them as it likes.
require("../preview/start/lazy-packages.cjs").loadLazily();
