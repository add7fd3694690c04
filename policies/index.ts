import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

// The constructor starts the pack's server, so it stands alone: tests and documentation read `pack.ts`.
new PolicyPack("plinth", { policies, enforcementLevel: "mandatory" });
