// Node wrote down where this process leaves its coverage when it started. Child processes run bundles, which have no
// source maps, so what they would write costs seconds and says nothing about the sources.
delete process.env.NODE_V8_COVERAGE;
// Recordings of an earlier run would hide the program's lines.
process.env.TEST_RECORDINGS = "new";
