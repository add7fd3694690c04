"use strict";
/* Loaded into a process that is measured: tells, as it ends, its peak memory and its processor time. */
process.once("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { mb: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1000 };
  require("node:fs").writeSync(3, JSON.stringify(usage));
});
