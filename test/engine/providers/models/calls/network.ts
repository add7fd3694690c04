import { callsOf, type Mappings } from "../call";

const ec2 = callsOf("ec2");

/** Each peer of a rule has its own description in the call, each with slightly different allowed characters. */
const peers = {
  cidrIpv4: "IpRanges.CidrIp",
  cidrIpv6: "Ipv6Ranges.CidrIpv6",
  prefixListId: "PrefixListIds.PrefixListId",
  referencedSecurityGroupId: "UserIdGroupPairs.GroupId",
};

const groupRule = (operation: string) => ({
  calls: Object.entries(peers).map(([peer, member]) =>
    ec2(operation, {
      members: {
        securityGroupId: "GroupId",
        [peer]: `IpPermissions.${member}`,
        description: `IpPermissions.${member.split(".")[0]}.Description`,
        ipProtocol: "IpPermissions.IpProtocol",
        fromPort: "IpPermissions.FromPort",
        toPort: "IpPermissions.ToPort",
      },
      when: (inputs) => inputs[peer] !== undefined,
    }),
  ),
});

export const networkCalls: Mappings = {
  "aws:ec2/vpc:Vpc": {
    calls: [
      ec2("CreateVpc"),
      ec2("ModifyVpcAttribute", {
        members: {
          enableDnsHostnames: "EnableDnsHostnames.Value",
          enableDnsSupport: "EnableDnsSupport.Value",
        },
        supplied: ["VpcId"],
      }),
    ],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    calls: [ec2("CreateTags", { supplied: ["Resources"] })],
    elsewhere: { vpcId: "the group is there already: this is how it is found" },
  },
  "aws:ec2/subnet:Subnet": {
    calls: [
      ec2("CreateSubnet"),
      ec2("ModifySubnetAttribute", {
        members: { mapPublicIpOnLaunch: "MapPublicIpOnLaunch.Value" },
        supplied: ["SubnetId"],
      }),
    ],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    calls: [
      ec2("CreateInternetGateway"),
      ec2("AttachInternetGateway", { supplied: ["InternetGatewayId", "VpcId"] }),
    ],
  },
  "aws:ec2/eip:Eip": { calls: [ec2("AllocateAddress")] },
  "aws:ec2/natGateway:NatGateway": { calls: [ec2("CreateNatGateway")] },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    calls: [
      ec2("CreateLaunchTemplate", {
        members: Object.fromEntries([
          ["name", "LaunchTemplateName"],
          ...["imageId", "metadataOptions", "blockDeviceMappings"].map((property) => [
            property,
            `LaunchTemplateData.${property[0]?.toUpperCase()}${property.slice(1)}`,
          ]),
        ]),
      }),
    ],
  },
  "aws:ec2/instance:Instance": {
    calls: [
      ec2("RunInstances", {
        members: {
          "launchTemplate.id": "LaunchTemplateId",
          vpcSecurityGroupIds: "SecurityGroupIds",
          iamInstanceProfile: "IamInstanceProfile.Name",
          monitoring: "Monitoring.Enabled",
        },
        supplied: ["MinCount", "MaxCount"],
      }),
      ec2("ModifyInstanceAttribute", {
        only: ["sourceDestCheck"],
        members: { sourceDestCheck: "SourceDestCheck.Value" },
        supplied: ["InstanceId"],
      }),
    ],
    elsewhere: { userDataReplaceOnChange: "what the provider does when it changes" },
  },
  "aws:ec2/eipAssociation:EipAssociation": { calls: [ec2("AssociateAddress")] },
  "aws:ec2/routeTable:RouteTable": { calls: [ec2("CreateRouteTable")] },
  "aws:ec2/route:Route": { calls: [ec2("CreateRoute")] },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { calls: [ec2("AssociateRouteTable")] },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    calls: [ec2("CreateVpcEndpoint", { members: { policy: "PolicyDocument" } })],
  },
  "aws:ec2/flowLog:FlowLog": {
    calls: [
      ec2("CreateFlowLogs", {
        members: { iamRoleArn: "DeliverLogsPermissionArn", vpcId: "ResourceIds" },
        supplied: ["ResourceType"],
      }),
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    calls: [ec2("CreateSecurityGroup", { members: { name: "GroupName" }, supplied: ["Description"] })],
    elsewhere: { revokeRulesOnDelete: "what the provider does before it deletes" },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": groupRule("AuthorizeSecurityGroupIngress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": groupRule("AuthorizeSecurityGroupEgress"),
};
