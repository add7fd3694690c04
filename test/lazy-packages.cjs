"use strict";
// The SDK loads packages at startup that no test needs, as in the preview. Under the engine this is off.
require("../preview/start/lazy-packages.cjs").loadLazily();
