export { ConfigError, type Fault } from "./errors";
export { loadSettings, type Settings } from "./load";
export type {
  AccountSettings,
  ClusterSettings,
  EdgeSettings,
  NetworkSettings,
  TagSettings,
} from "./environment";
export type {
  BucketSettings,
  CacheSettings,
  MailSettings,
  NatsSettings,
  PostgresSettings,
  StoreSettings,
} from "./stores";
export type { SystemSettings, WorkloadSettings } from "./systems";
export { amount } from "./quantity";
