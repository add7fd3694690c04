import type { Document } from "yaml";
import type { Change, Shown } from "./change";
import type { Step } from "./events";

const block = ["config", "plinth:standby"];
const instance = /^aws:rds\/instance:Instance$/;

/** Sets keys of the second region's block; undefined if a stack file has none. */
const within =
  (values: object, shown: readonly Shown[]) =>
  (document: Document): Shown[] | undefined => {
    if (!document.hasIn(block)) return undefined;
    for (const [key, value] of Object.entries(values)) document.setIn([...block, key], value);
    return [...shown];
  };

const second = ({ urn }: Step) => /::standby-[^:]*$/.test(urn);
/**
 * Deletions without loss of data: parts of a database that depend on whether it is a replica, the log subscription of a
 * dropped one, and the replication of files.
 */
const beside =
  /^(aws:cloudwatch\/(metricAlarm|logSubscriptionFilter)|aws:efs\/replicationConfiguration|random:index\/randomId):/;
const grows = (step: Step) =>
  second(step) && (step.op === "create" || (step.op === "delete" && beside.test(step.type)));

/**
 * Changes that move a system with a warm standby to the other region: its objects in both clusters, with identities and
 * alarms of its jobs; failover records and health checks; the order of the CDN's origins; nodes of its cache. Its gates
 * create a snapshot in the new region, and keep the one in the old.
 */
const moving =
  /^(kubernetes:|pulumi:|plinth:|random:index\/randomId:|aws:(cloudwatch\/metricAlarm|eks\/podIdentityAssociation|iam\/role|iam\/rolePolicy|route53\/record|route53\/healthCheck):)/;
const ordered = /^aws:(cloudfront\/distribution|elasticache\/replicationGroup):/;
const moves = (step: Step) =>
  grows(step) ||
  moving.test(step.type) ||
  (step.op === "update" && ordered.test(step.type)) ||
  (step.op === "create" && step.type.startsWith("aws:rds/snapshot:"));

/** The databases of the second region serve: replicas are promoted in place, the others restored. */
export const promotion: Change = {
  name: "active region",
  updates: instance,
  also: moves,
  edit: within({ active: "secondary" }, [{ type: instance, text: '"multiAz":true' }]),
};

/** The first region serves again, and the second one gets new copies next to the promoted databases. */
export const failBack: Change = {
  name: "active region, back",
  also: moves,
  lets: /::standby-[^:]*-copy-1$/,
  edit: within({ active: "primary", copy: 2 }, []),
};
