import { PolicyPack } from "@pulumi/policy";
import { decodeOnce } from "./lib/decode-once";
import { policies } from "./pack";

decodeOnce();
// The constructor starts the pack's server, so it has a file of its own: tests and documentation read `pack.ts`.
new PolicyPack("plinth", { policies, enforcementLevel: "mandatory" });
