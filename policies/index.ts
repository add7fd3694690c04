import { PolicyPack } from "@pulumi/policy";
import { decodeOnce } from "./lib/decode-once";
import { policies } from "./pack";

decodeOnce();
// The constructor starts the pack's server. Tests and documentation import `pack.ts` instead.
new PolicyPack("plinth", { policies, enforcementLevel: "mandatory" });
