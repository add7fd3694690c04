import {
  configurationBackup,
  ConfigurationBackup,
  configurationMetric,
} from "../cluster/configuration/backup";
import type { Component } from "../base/component";
import { missingAlarm } from "../jobs/backup-alarm";
import { backupStatements } from "../jobs/backup-rights";
import { ServiceAccountRole } from "../security/service-account-role";
import { ConfigurationBucket } from "../storage/configuration-bucket";
import type { RegionResources } from "./resources";

/** Of the keys in the bucket. */
const prefix = "cluster";

/** Hours without a backup until the alarm: a day, and two to spare. */
const lateHours = 26;

/** The daily backup of the configuration, where the stack file asks for it: bucket, role, job, and the alarm on its age. */
export function configurationInRegion(parent: Component, shared: RegionResources): void {
  const { context, settings, keys, accessLogs, alarms, cluster, platform, addresses, cdn } = shared;
  const { configuration } = settings.backups;
  if (configuration === undefined) return;
  const { bucketName, ready } = new ConfigurationBucket(
    parent.child("configuration"),
    { context, keepDays: configuration.keepDays, keyArn: keys.data, accessLogs },
    parent.inside,
  );
  const place = { region: context.region, bucket: bucketName, prefix };
  const { association } = new ServiceAccountRole(
    parent.child("configuration", "access"),
    {
      clusterName: cluster.clusterName,
      namespace: configurationBackup,
      serviceAccount: configurationBackup,
      statements: [
        ...backupStatements({ ...place, keyArn: keys.data }),
        // The action has no resource-level permissions. Source: IAM service authorization reference, AWS Certificate
        // Manager.
        { Sid: "Certificates", Effect: "Allow", Action: "acm:ListCertificates", Resource: "*" },
      ],
    },
    parent.inside,
  );
  const dimensions = { Environment: context.prefix };
  new ConfigurationBackup(
    parent.child("configuration", "backup"),
    {
      settings: configuration,
      target: { ...place, dimensions },
      // CloudFront's certificates are in us-east-1.
      regions: [...new Set([context.region, ...(cdn === undefined ? [] : ["us-east-1"])])],
      ranges: addresses,
      mirrors: settings.imageMirrors,
      kubernetesVersion: settings.cluster.version,
      namespaceWaitsFor: [...platform.priorityClasses, ...platform.admission],
      waitsFor: [association, ...ready],
    },
    { ...parent.inside, providers: { kubernetes: cluster.provider } },
  );
  missingAlarm(parent, "configuration-missing", {
    name: `${context.prefix}-${configurationBackup}-missing`,
    description: `The cluster's objects haven't been backed up for ${lateHours} hours. Read the log of the last Job in the namespace ${configurationBackup}. See docs/runbooks/README.md.`,
    dimensions,
    metricName: configurationMetric,
    periods: lateHours,
    alarmTopicArn: alarms.arn,
  });
}
