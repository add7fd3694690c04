import * as pulumi from "@pulumi/pulumi";
import { programs } from "./programs";

/** Runs the program given in the configuration. */
const config = new pulumi.Config();
const name = config.require("program");
const program = programs[name];
if (program === undefined) throw new pulumi.RunError(`no such program: ${name}`);
program(config);
