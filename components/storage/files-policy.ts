/**
 * Who may use a file system: what comes by a mount target, where the security group admits the nodes alone, over TLS,
 * at the system's own access point. Source: EFS user guide, file system policies.
 */
export const filesPolicy = (fileSystemArn: string, accessPointArn: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "NodesAtTheAccessPoint",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: fileSystemArn,
      Condition: {
        Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
        StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn },
      },
    },
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "*",
      Resource: fileSystemArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});
