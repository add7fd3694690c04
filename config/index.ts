export { cdnHostKeys, originHost, type CdnSettings } from "./edge/cdn";
export { platformSlot } from "./checks/network";
export { dataSlotCount } from "./cidr";
export { ConfigError, type Fault } from "./reading/errors";
export { stackFiles } from "./reading/lines";
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
export { cachedRegistries } from "./foundation/images";
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
export { needsKeda, type AutoscalingSettings } from "./systems/scaling";
export type { PaceSettings } from "./systems/scaling-pace";
export { defaultEviction, valkeyFamilies, type CacheSettings } from "./stores/cache";
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
} from "./recovery/backups";
export type { GameDaySettings } from "./recovery/game-days";
export type { BucketSettings } from "./stores/bucket";
export type { FilesSettings } from "./stores/files";
export type { LogSettings, SearchSettings } from "./logs";
export type { TraceSettings } from "./traces";
export type { MailSettings } from "./stores/mail";
export type { QueueSettings } from "./stores/queue";
export {
  filledShare,
  operatorSeries,
  type GrafanaSettings,
  type OperatorName,
  type PrometheusSettings,
} from "./cluster/operators";
export type { AlertReceivers, MaintenanceWindows } from "./cluster/alert-routes";
export type { SignOnSettings } from "./edge/sign-on";
export type { OutsideNetwork } from "./systems/outside-network";
export type { ParameterName, Parameters } from "./stores/parameters";
export { buildOf, type BuildSettings } from "./systems/build";
export { migratedStore, type GateSettings } from "./systems/gates";
export { recoveryRows, type RecoveryRow } from "./recovery/rows";
export { apiOf, type Asked, type LoadTestSettings } from "./systems/load-test";
export { publicChecks, type SmokeSettings } from "./systems/smoke";
export { isStopped, mostPods, surge } from "./systems/pods";
export {
  releaseOf,
  watch,
  type BlueGreenSettings,
  type CanarySettings,
  type ReleaseSettings,
} from "./systems/rollout";
export { parameterTable } from "./stores/parameters";
export { pools } from "./checks/connections";
export { maxConnections } from "./checks/memory";
export { proxyPercent, type PoolingSettings } from "./stores/pooling";
export type { PostgresSettings } from "./stores/postgres";
export { jetStreamBytes, type NatsSettings } from "./stores/nats";
export { copyParameters, type StandbySettings } from "./recovery/standby";
export { failoverHosts, regionalHost, type FailoverHost } from "./recovery/failover";
export { firstRegion, passiveSystems, secondRegion, standbyPrefix, warmSystems } from "./recovery/warm";
export type { StoreSettings } from "./stores";
export type { SyslogSettings } from "./systems/syslog";
export type { SystemSettings, WorkloadSettings } from "./systems";
export { bodyDigits, managedGroups, type ManagedGroup, type RateLimit, type WafSettings } from "./edge/waf";
export { laterHours, nightly } from "./windows";
export { amount } from "./quantity";
