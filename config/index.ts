export { ConfigError, type Fault } from "./errors";
export { loadSettings, type Settings } from "./load";
export type {
  AccountSettings,
  AlarmSettings,
  ClusterSettings,
  CredentialsSettings,
  EdgeSettings,
  NetworkSettings,
  StorageSettings,
  TagSettings,
} from "./environment";
export { defaultEviction, valkeyFamilies, type CacheSettings } from "./cache";
export type { BucketSettings } from "./bucket";
export type { FilesSettings } from "./files";
export type { MailSettings } from "./mail";
export type { QueueSettings } from "./queue";
export type { ParameterName, Parameters } from "./parameters";
export { buildOf, type BuildSettings } from "./build";
export { migratedStore, type GateSettings } from "./gates";
export { apiOf, type LoadTestSettings } from "./load-test";
export { mostPods, surge } from "./pods";
export { parameterTable } from "./parameters";
export { proxyPercent, type PoolingSettings } from "./pooling";
export type { PostgresSettings } from "./postgres";
export type { NatsSettings, StoreSettings } from "./stores";
export type { SystemSettings, WorkloadSettings } from "./systems";
export { nightly } from "./windows";
export { amount } from "./quantity";
