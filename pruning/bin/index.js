"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: !0 });
}, __copyProps = (to, from, except, desc) => {
  if (from && typeof from == "object" || typeof from == "function")
    for (let key of __getOwnPropNames(from))
      !__hasOwnProp.call(to, key) && key !== except && __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: !0 }), mod);

// pruning/index.ts
var index_exports = {};
__export(index_exports, {
  handler: () => handler
});
module.exports = __toCommonJS(index_exports);

// pruning/expired.ts
function expired(snapshots, rule, now) {
  let own = snapshots.flatMap(
    ({ DBSnapshotIdentifier: id, SnapshotCreateTime: made, Status: status }) => id?.startsWith(rule.prefix) === !0 && made !== void 0 && status === "available" ? [{ id, made: made.getTime() }] : []
  ), newest = Math.max(...own.map(({ made }) => made));
  return own.filter(({ made }) => made < newest && made < now.getTime() - rule.days * 864e5).map(({ id }) => id).sort();
}

// pruning/prune.ts
function readRules(text) {
  let rules = JSON.parse(text ?? "null"), isRule = (value) => {
    let { instance, prefix, days } = value ?? {};
    return [instance, prefix].every((name) => typeof name == "string" && name.length > 0) && typeof days == "number" && days >= 1;
  };
  if (!Array.isArray(rules) || !rules.every(isRule)) throw new Error("RULES: no list of rules");
  return rules;
}
async function prune(rules, snapshots, now) {
  let removed = [], faults = [];
  for (let rule of rules)
    try {
      for (let id of expired(await snapshots.list(rule.instance), rule, now))
        await snapshots.remove(id).then(
          () => removed.push(id),
          (error) => faults.push(error)
        );
    } catch (error) {
      faults.push(error);
    }
  if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join("; "));
  return removed;
}

// pruning/rds.ts
var import_client_rds = require("@aws-sdk/client-rds");
function rds() {
  let client = new import_client_rds.RDSClient({});
  return {
    async list(instance) {
      let found = [];
      for (let Marker, more = !0; more; more = Marker !== void 0) {
        let which = { DBInstanceIdentifier: instance, SnapshotType: "manual", Marker }, page = await client.send(new import_client_rds.DescribeDBSnapshotsCommand(which));
        found.push(...page.DBSnapshots ?? []), Marker = page.Marker;
      }
      return found;
    },
    async remove(id) {
      await client.send(new import_client_rds.DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }));
    }
  };
}

// pruning/index.ts
async function handler() {
  let removed = await prune(readRules(process.env.RULES), rds(), /* @__PURE__ */ new Date());
  process.stdout.write(`${JSON.stringify({ removed })}
`);
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  handler
});
