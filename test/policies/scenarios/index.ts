import type { Scenario } from "../scenario";
import { additions } from "./additions";
import { availability } from "./availability";
import { backends } from "./backends";
import { buckets } from "./buckets";
import { cdn } from "./cdn";
import { cost } from "./cost";
import { copies } from "./copies";
import { documents } from "./documents";
import { databases } from "./databases";
import { edge } from "./edge";
import { failover } from "./failover";
import { foundation } from "./foundation";
import { network } from "./network";
import { objectives } from "./objectives";
import { objects } from "./objects";
import { quotas } from "./quotas";
import { search } from "./search";
import { services } from "./services";
import { waf } from "./waf";
import { workloads } from "./workloads";

/** Every scenario of the pack: a stack that passes, and changes that violate policies. */
export const scenarios: Scenario[] = [
  ...databases,
  ...copies,
  ...buckets,
  ...network,
  ...edge,
  ...cdn,
  ...failover,
  ...services,
  ...workloads,
  ...availability,
  ...backends,
  ...objects,
  ...objectives,
  ...documents,
  ...additions,
  ...waf,
  ...quotas,
  ...search,
  ...foundation,
  ...cost,
];
