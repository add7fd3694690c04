// This process reads the coverage folder at startup. Child processes run bundles without source maps, whose coverage
// would take seconds and say nothing about the sources.
delete process.env.NODE_V8_COVERAGE;
// Recordings of an earlier run would hide the program's lines.
process.env.TEST_RECORDINGS = "new";
