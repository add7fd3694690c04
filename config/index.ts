export { cdnHostKeys, originHost, type CdnSettings } from "./cdn";
export { platformSlot } from "./checks/network";
export { dataSlotCount } from "./cidr";
export { ConfigError, type Fault } from "./errors";
export { stackFiles } from "./lines";
export {
  loadFoundation,
  type AccountCostSettings,
  type AuditSettings,
  type DetectorSettings,
  type FoundationSettings,
  type ImageSettings,
  type PipelineSettings,
  type RecorderSettings,
} from "./foundation";
export { cachedRegistries } from "./foundation-images";
export { loadSettings } from "./load";
export type { Settings } from "./settings";
export type {
  AccountSettings,
  AlarmSettings,
  CredentialsSettings,
  MirrorSettings,
  NetworkSettings,
} from "./environment";
export type { ClusterSettings } from "./cluster";
export type { EdgeSettings } from "./edge";
export type { AuditLog, EnvironmentAudit } from "./audit";
export type { CostSettings } from "./costs";
export { awakeHours, databaseLead, nights, shifted, weekdays, type ScheduleSettings } from "./schedule";
export { quotaRequest, quotas, type QuotaCode } from "./quotas";
export { needsKeda, type AutoscalingSettings } from "./scaling";
export type { PaceSettings } from "./scaling-pace";
export { defaultEviction, valkeyFamilies, type CacheSettings } from "./cache";
export {
  copiesTo,
  dumpSchedule,
  restoreSchedule,
  configurationSchedule,
  streamMinutes,
  streamSchedule,
  type BackupSettings,
  type ConfigurationBackupSettings,
  type RestoreTestSettings,
  type StreamBackupSettings,
  type VaultSettings,
} from "./backups";
export type { GameDaySettings } from "./game-days";
export type { BucketSettings } from "./bucket";
export type { FilesSettings } from "./files";
export type { LogSettings, SearchSettings } from "./logs";
export type { TraceSettings } from "./traces";
export type { MailSettings } from "./mail";
export type { QueueSettings } from "./queue";
export {
  filledShare,
  operatorSeries,
  type GrafanaSettings,
  type OperatorName,
  type PrometheusSettings,
} from "./operators";
export type { AlertReceivers, MaintenanceWindows } from "./alert-routes";
export type { SignOnSettings } from "./sign-on";
export type { OutsideNetwork } from "./outside-network";
export type { ParameterName, Parameters } from "./parameters";
export { buildOf, type BuildSettings } from "./build";
export { migratedStore, type GateSettings } from "./gates";
export { recoveryRows, type RecoveryRow } from "./recovery-rows";
export { apiOf, type Asked, type LoadTestSettings } from "./load-test";
export { publicChecks, type SmokeSettings } from "./smoke";
export { isStopped, mostPods, surge } from "./pods";
export {
  releaseOf,
  watch,
  type BlueGreenSettings,
  type CanarySettings,
  type ReleaseSettings,
} from "./rollout";
export { parameterTable } from "./parameters";
export { pools } from "./checks/connections";
export { maxConnections } from "./checks/memory";
export { proxyPercent, type PoolingSettings } from "./pooling";
export type { PostgresSettings } from "./postgres";
export { jetStreamBytes, type NatsSettings } from "./nats";
export { copyParameters, type StandbySettings } from "./standby";
export { failoverHosts, regionalHost, type FailoverHost } from "./failover";
export { firstRegion, passiveSystems, secondRegion, standbyPrefix, warmSystems } from "./warm";
export type { StoreSettings } from "./stores";
export type { SyslogSettings } from "./syslog";
export type { SystemSettings, WorkloadSettings } from "./systems";
export { bodyDigits, managedGroups, type ManagedGroup, type RateLimit, type WafSettings } from "./waf";
export { laterHours, nightly } from "./windows";
export { amount } from "./quantity";
