/**
 * File system policy: clients must use a mount target, whose security group allows only the nodes, TLS, and the
 * system's access point. Source: EFS user guide, file system policies.
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
