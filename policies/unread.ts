/** Words in the paths of security-related properties, to find those that no policy reads. */
export const securityWords =
  /polic|encrypt|kms|public|tls|ssl|cidr|\brole|arn$|principal|auth|secret|token|password|protect|backup|snapshot|retention|secur|access|permission|group|allow|deny|privileg|user|cert|expos|log(s|ging|Group|Type)|scheme|host|service(Account|Name)|readOnly|endpoint/i;

/** Why no policy needs to read a property by name, by type and path. The first matching row applies. */
const unread: readonly (readonly [type: RegExp, path: RegExp, reason: string])[] = [
  [
    /cloudfront/,
    /(allowedMethods\[\]|originRequestPolicyId|responseHeadersPolicyId|errorResponses.*|override)$/i,
    "What CloudFront forwards and adds for each path: test/components/edge/cdn.test.ts.",
  ],
  [
    /scheduler\//,
    /^(groupName|target\..*)$/,
    "Which databases are stopped and started: test/components/night-schedule.test.ts. The role has no other permissions.",
  ],
  [
    /logDelivery|MetricAlarm|cloudfront/i,
    /(Arn|Name|dimensions\..*|logType|domainName|hostHeader.*)$/,
    "A name, or a reference to another resource.",
  ],
  [
    /^aws:/,
    /(olicy|Document)(\.Statement.*|\.Version|\[\].*)$/,
    "Policies read the whole policy document, statement by statement.",
  ],
  [
    /./,
    /(behavior|[cC]onsolidation|restartPolicy|podFailurePolicy|concurrencyPolicy|podDisruptionBudget|unhealthyPodEviction|preemptionPolicy|nodeTaintsPolicy|priorityClassName|pullPolicy|replicaCount|topologySpread)/,
    "Scaling, restarts and scheduling, not access control.",
  ],
  [
    /./,
    /accessModes|allowVolumeExpansion|allowOverwrite|metricRelabelings|relabelings|podMetricsEndpoints/,
    "Behavior, not access control.",
  ],
  [
    /DaemonSet/,
    /(automountServiceAccountToken|securityContext\.runAsUser|hostPath\.type)$/,
    "The log collector runs as root without capabilities, and has a token to read pods. `k8s-host-reader-bounded` keeps other workloads out of its namespace.",
  ],
  [/core\/v1:Service$/, /internalTrafficPolicy$/, "Which node serves. Network policies limit the clients."],
  [
    /helm\.sh/,
    /(runAsUser|runAsGroup|fsGroup|fsGroupChangePolicy)$/,
    "Any user except root. `helm-values-restricted` rejects 0 at any path.",
  ],
  [
    /./,
    /securityContext\.(runAsGroup|fsGroup)$/,
    "Any group: the user isn't root, and files are shared by group.",
  ],
  [/./, /sysctls\[\]\.value$/, "The value of a safe sysctl."],
  [
    /./,
    /volumeMounts\[\]\.readOnly$|patch\[\]\.value\.readOnly$/,
    "Secrets and ConfigMaps are always mounted read-only.",
  ],
  [
    /./,
    /(secretKeyRef|volumes\[\]\.secret)\..*|secretStoreRef\.kind$|data\[\]\.secretKey$|patch\[\]\.value\.secret\..*|secretName$/,
    "The name of a Secret in the same namespace. The pod waits until it exists.",
  ],
  [
    /ExternalSecret$/,
    /target\.template\.data\./,
    "A template: `no-known-token` and `no-plain-connection` read every string in it.",
  ],
  [
    /./,
    /annotations\..*(secret|reload|Policy|target-group-attributes)/,
    "Restarts of pods, and health checks of the load balancer.",
  ],
  [
    /ConfigMap(Patch)?$|lambda\/function/,
    /^(data|environment)\b/,
    "Settings: `no-secret-by-name`, `no-known-token` and `no-plain-connection` read every string.",
  ],
  [/helm\.sh/, /resources\.(requests|limits)/, "`helm-resources` reads the resources of each chart."],
  [/helm\.sh/, /[sS]erviceAccount/, "The name of the service account. Roles define its permissions."],
  [
    /helm\.sh/,
    /(monitor\.tls|prometheusOperator\.tls)\.enabled$/,
    "Disabled: network policies allow only Prometheus on the port, and there is no webhook.",
  ],
  [
    /helm\.sh/,
    /resource-policy$|retention(Size)?$|scaledRefKinds\[\]|kubeletEndpointsEnabled$|RetentionPolicy/,
    "Retention. `state-protected` checks the release.",
  ],
  [/rbac/, /(apiGroup|kind)$/, "The API server allows one value."],
  [
    /^aws:/,
    /^(user|role|userId|userGroupId|secretId|principalArn|arn|resourceArn|certificateArn|targetGroupName|dbSnapshotIdentifier|replicationGroupId|parameterGroupName|dbParameterGroupName|eventDestination\.eventBridgeDestination\.eventBusArn)$/,
    "A reference to its parent resource, which the API requires.",
  ],
  [/random/, /^keepers/, "When a new value is generated, not what it is used for."],
  [
    /iam\/(role|user):/,
    /^permissionsBoundary$/,
    "Permissions boundary of the identity. The deploy role can't create identities without it, and `iam-deploy-role-bounded` reads the boundary of that role.",
  ],
  [/ecr\//, /^(policy|lifecyclePolicy)$/, "Which images expire, and when."],
  [/athena\/namedQuery/, /^workgroup$/, "The workgroup of a named query, whose settings are read."],
  [
    /ecr\/pullThroughCacheRule/,
    /^credentialArn$/,
    "Credentials of an upstream registry, if it requires them.",
  ],
  [/repositoryCreationTemplate/, /^encryptionConfigurations/, "Copies of public images."],
  [
    /cors/i,
    /(allowedHeaders|allowedMethods|exposeHeaders)/,
    "`s3-cors-origins-named` limits the origins. The bucket policy and signed requests limit the actions.",
  ],
  [/efs\/fileSystem:/, /lifecyclePolicies/, "Cost."],
  [
    /./,
    /^(backupWindow|snapshotWindow|messageRetentionSeconds|loggingConfig\.logFormat|logDeliveryConfigurations\[\]\.logType|enableDnsHostnames|auths\[\]\.iamAuth)$/,
    "Schedule and format. Other properties enable the feature.",
  ],
  [
    /ec2\/route:/,
    /destinationCidrBlock$/,
    "Routes of subnets: tests in test/stacks check the route tables. Security groups and network policies limit the traffic.",
  ],
  [/ec2\/subnet/, /^tags\./, "Placement of load balancers."],
  [/ec2\/vpcEndpoint/, /^serviceName$/, "The AWS service. The endpoint policy limits access."],
  [/bucketNotification/, /queueArn$/, "The queue policy limits which bucket may send messages."],
  [/sqs\/redrivePolicy/, /redrivePolicy$/, "The dead-letter queue. `sqs-redrive-named` limits its sources."],
  [/ClusterSecretStore$/, /aws\.role$/, "Known after `up`. Policies read the role's own policies."],
  [
    /IngressClass(Params)?$|NodePool$|NodeClass$|Certificate$/,
    /(group(\.name)?|apiGroup|\.id)$/,
    "The name of another resource of the stack.",
  ],
  [/jetstream/, /(ackPolicy|deliverPolicy|retention)$/, "Delivery of messages, not access control."],
  [
    /ScaledObject$/,
    /(authenticationRef\.name|natsServerMonitoringEndpoint)$/,
    "A name, and a URL inside the cluster that `no-plain-connection` reads.",
  ],
  [
    /PrometheusRule$|helm/,
    /^spec\.groups|alertmanager\.config\.|additionalScrapeConfigs/,
    "Alerts and their receivers: promtool tests the alerting rules, and `no-plain-connection` reads every URL.",
  ],
  [
    /Ingress$/,
    /auth-(scope|session-timeout)$/,
    "Scope and duration of the session. `k8s-ingress-sign-on` checks that single sign-on is required.",
  ],
  [
    /helm/,
    /(grafana\.ini|datasources\.yaml|dashboardproviders\.yaml|extraSecretMounts|dashboardsConfigMaps)\b/,
    "Settings of Grafana: `helm-hardened` reads those of single sign-on, and `no-plain-connection` every string.",
  ],
  [
    /wafv2/,
    /ruleActionOverrides|vendorName|loggingFilter|[aA]ndStatement|[nN]otStatement|[oO]rStatement|ipSet|byteMatch|addresses|excludeRule/,
    "Counted rules, logging and hosts differ between stacks. test/stacks/reachable.test.ts evaluates the rules, and policies read the rule groups.",
  ],
  [
    /./,
    /^(policyName|dimensions\..*|defaultActions\[\]\.targetGroupArn|loadBalancerArn|accessLogs\.prefix|targetGroupARN|spec\.targetGroupARN|spec\.serviceRef\..*)$/,
    "A name, or a reference to its parent resource.",
  ],
  [
    /aws:backup\/|standardsSubscription/,
    /(recoveryPointTags\..*|iamRoleArn|backupVaultName|standardsArn)$/,
    "A name, or a reference to another resource.",
  ],
  [
    /RestoreTestingSelection$/,
    /^(protectedResource|restoreMetadataOverrides\.)/,
    "Which resource is restored, with which network and key: test/stacks/vault.test.ts.",
  ],
  [
    /ExperimentTemplate$/,
    /^(roleArn|targets\[\]\.(resourceArns\[\]|parameters\..*|resourceTags.*))$/,
    "Targets of the experiment: test/stacks/game-days.test.ts.",
  ],
  [
    /ec2\/(instance|launchTemplate|eipAssociation)/,
    /^(userData.*|allowReassociation|metadataOptions\.httpEndpoint)$/,
    "How the NAT instance is created and replaced: test/components/network/nat-instance.test.ts.",
  ],
  [/ValidatingAdmissionPolicy$/, /excludeResourceRules/, "Objects that the operator itself creates."],
];

/** The reason for a property; undefined if there is none. */
export const reasonFor = (property: string): string | undefined => {
  const [type = "", ...path] = property.split(" ");
  return unread.find(([ofType, ofPath]) => ofType.test(type) && ofPath.test(path.join(" ")))?.[2];
};
