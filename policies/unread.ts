/** Words in the paths of security-related properties, for those that no rule reads. */
export const securityWords =
  /polic|encrypt|kms|public|tls|ssl|cidr|\brole|arn$|principal|auth|secret|token|password|protect|backup|snapshot|retention|secur|access|permission|group|allow|deny|privileg|user|cert|expos|log(s|ging|Group|Type)|scheme|host|service(Account|Name)|readOnly|endpoint/i;

/** Why no rule needs to read a property by name: by type and path; the first matching row applies. */
const unread: readonly (readonly [type: RegExp, path: RegExp, reason: string])[] = [
  [
    /cloudfront/,
    /(allowedMethods\[\]|originRequestPolicyId|responseHeadersPolicyId|errorResponses.*|override)$/i,
    "What the CDN passes on and adds, by path: test/components/edge/cdn.test.ts.",
  ],
  [
    /scheduler\//,
    /^(groupName|target\..*)$/,
    "Which databases are stopped and started: test/components/night-schedule.test.ts. The role may do nothing else.",
  ],
  [
    /logDelivery|MetricAlarm|cloudfront/i,
    /(Arn|Name|dimensions\..*|logType|domainName|hostHeader.*)$/,
    "A name, or which resource it belongs to.",
  ],
  [
    /^aws:/,
    /(olicy|Document)(\.Statement.*|\.Version|\[\].*)$/,
    "Read as a whole document, statement by statement.",
  ],
  [
    /./,
    /(behavior|[cC]onsolidation|restartPolicy|podFailurePolicy|concurrencyPolicy|podDisruptionBudget|unhealthyPodEviction|preemptionPolicy|nodeTaintsPolicy|priorityClassName|pullPolicy|replicaCount|topologySpread)/,
    "Scaling, restarts and spread: not access control.",
  ],
  [
    /./,
    /accessModes|allowVolumeExpansion|allowOverwrite|metricRelabelings|relabelings|podMetricsEndpoints/,
    "Behaviour, not access control.",
  ],
  [
    /DaemonSet/,
    /(automountServiceAccountToken|securityContext\.runAsUser|hostPath\.type)$/,
    "The log collector's: root without capabilities, and a token to read pods; `k8s-host-reader-bounded` says that it stands alone.",
  ],
  [/core\/v1:Service$/, /internalTrafficPolicy$/, "Which node answers; network policies say who may ask."],
  [
    /helm\.sh/,
    /(runAsUser|runAsGroup|fsGroup|fsGroupChangePolicy)$/,
    "Any user but root; `helm-values-restricted` refuses 0 at any path.",
  ],
  [
    /./,
    /securityContext\.(runAsGroup|fsGroup)$/,
    "Any group: the user isn't root, and files are shared by it.",
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
    "Name of a Secret in the same namespace; the pod waits until it exists.",
  ],
  [
    /ExternalSecret$/,
    /target\.template\.data\./,
    "A template: `no-known-token` and `no-plain-connection` read every text of it.",
  ],
  [
    /./,
    /annotations\..*(secret|reload|Policy|target-group-attributes)/,
    "Restarts of pods, and the load balancer's health checks.",
  ],
  [
    /ConfigMap(Patch)?$|lambda\/function/,
    /^(data|environment)\b/,
    "Settings: `no-secret-by-name`, `no-known-token` and `no-plain-connection` read every text.",
  ],
  [/helm\.sh/, /resources\.(requests|limits)/, "`helm-resources` reads each chart's resources."],
  [/helm\.sh/, /[sS]erviceAccount/, "The account's name; roles define its permissions."],
  [
    /helm\.sh/,
    /(monitor\.tls|prometheusOperator\.tls)\.enabled$/,
    "Off: network policies allow only Prometheus on the port, and there is no webhook.",
  ],
  [
    /helm\.sh/,
    /resource-policy$|retention(Size)?$|scaledRefKinds\[\]|kubeletEndpointsEnabled$|RetentionPolicy/,
    "Retention; `state-protected` is about the release.",
  ],
  [/rbac/, /(apiGroup|kind)$/, "The API server allows one value."],
  [
    /^aws:/,
    /^(user|role|userId|userGroupId|secretId|principalArn|arn|resourceArn|certificateArn|targetGroupName|dbSnapshotIdentifier|replicationGroupId|parameterGroupName|dbParameterGroupName|eventDestination\.eventBridgeDestination\.eventBusArn)$/,
    "Reference to its parent resource, which the API requires.",
  ],
  [/random/, /^keepers/, "When a new value is generated."],
  [
    /iam\/(role|user):/,
    /^permissionsBoundary$/,
    "What limits the identity further: the policy of IAM's deploy role refuses one without it, and `iam-deploy-role-bounded` reads that role's own.",
  ],
  [/ecr\//, /^(policy|lifecyclePolicy)$/, "Which images go, and when."],
  [/athena\/namedQuery/, /^workgroup$/, "Which work group a saved question is in: its settings are read."],
  [
    /ecr\/pullThroughCacheRule/,
    /^credentialArn$/,
    "The login of a public registry, which ECR asks for where one is needed.",
  ],
  [/repositoryCreationTemplate/, /^encryptionConfigurations/, "Copies of public images."],
  [
    /cors/i,
    /(allowedHeaders|allowedMethods|exposeHeaders)/,
    "`s3-cors-origins-named` limits the origins; the bucket's policy and signed requests limit the actions.",
  ],
  [/efs\/fileSystem:/, /lifecyclePolicies/, "Cost."],
  [
    /./,
    /^(backupWindow|snapshotWindow|messageRetentionSeconds|loggingConfig\.logFormat|logDeliveryConfigurations\[\]\.logType|enableDnsHostnames|auths\[\]\.iamAuth)$/,
    "Schedule and format, not whether it happens.",
  ],
  [
    /ec2\/route:/,
    /destinationCidrBlock$/,
    "Routes of subnets: tests in test/stacks check the tables, security groups and network policies limit the traffic.",
  ],
  [/ec2\/subnet/, /^tags\./, "Placement of load balancers."],
  [/ec2\/vpcEndpoint/, /^serviceName$/, "The service; the endpoint's policy limits access."],
  [/bucketNotification/, /queueArn$/, "The queue's own policy says which bucket may send."],
  [/sqs\/redrivePolicy/, /redrivePolicy$/, "The dead-letter queue; `sqs-redrive-named` limits its sources."],
  [/ClusterSecretStore$/, /aws\.role$/, "Known after `up`; rules read the role's policy and trust policy."],
  [
    /IngressClass(Params)?$|NodePool$|NodeClass$|Certificate$/,
    /(group(\.name)?|apiGroup|\.id)$/,
    "Name of another resource of the stack.",
  ],
  [/jetstream/, /(ackPolicy|deliverPolicy|retention)$/, "Delivery of messages."],
  [
    /ScaledObject$/,
    /(authenticationRef\.name|natsServerMonitoringEndpoint)$/,
    "A name, and an address inside the cluster that `no-plain-connection` reads.",
  ],
  [
    /PrometheusRule$|helm/,
    /^spec\.groups|alertmanager\.config\.|additionalScrapeConfigs/,
    "Alerts and their receivers: promtool tests the rules, and `no-plain-connection` reads every address.",
  ],
  [
    /Ingress$/,
    /auth-(scope|session-timeout)$/,
    "What is asked of the identity provider, and for how long; `k8s-ingress-sign-on` reads whether it is asked.",
  ],
  [
    /helm/,
    /(grafana\.ini|datasources\.yaml|dashboardproviders\.yaml|extraSecretMounts|dashboardsConfigMaps)\b/,
    "Grafana's settings: `helm-hardened` reads those about sign-in, `no-plain-connection` the texts.",
  ],
  [
    /wafv2/,
    /ruleActionOverrides|vendorName|loggingFilter|[aA]ndStatement|[nN]otStatement|[oO]rStatement|ipSet|byteMatch|addresses|excludeRule/,
    "Counted rules, logging and hosts are set per stack; test/stacks/reachable.test.ts evaluates the rules, and policies read the groups.",
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
    "What is restored, into which network and with which key, by resource: test/stacks/vault.test.ts.",
  ],
  [
    /ExperimentTemplate$/,
    /^(roleArn|targets\[\]\.(resourceArns\[\]|parameters\..*|resourceTags.*))$/,
    "What an experiment strikes: test/stacks/game-days.test.ts.",
  ],
  [
    /ec2\/(instance|launchTemplate|eipAssociation)/,
    /^(userData.*|allowReassociation|metadataOptions\.httpEndpoint)$/,
    "How the NAT instance is made and replaced: test/components/network/nat-instance.test.ts.",
  ],
  [/ValidatingAdmissionPolicy$/, /excludeResourceRules/, "Objects that the operator itself writes."],
];

/** The reason for a property; undefined if there is none. */
export const reasonFor = (property: string): string | undefined => {
  const [type = "", ...path] = property.split(" ");
  return unread.find(([ofType, ofPath]) => ofType.test(type) && ofPath.test(path.join(" ")))?.[2];
};
