import { callsOf, type Mappings } from "../call";

const config = callsOf("config");
const firehose = callsOf("firehose");
const resolver = callsOf("route53resolver");

const channel = "DeliveryChannel.";
const recorder = "ConfigurationRecorder.";
const rule = "ConfigRule.";
const s3 = "ExtendedS3DestinationConfiguration";

/** Copies of logs, and AWS Config. */
export const auditCalls: Mappings = {
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    calls: [
      firehose("CreateDeliveryStream", {
        members: {
          name: "DeliveryStreamName",
          serverSideEncryption: "DeliveryStreamEncryptionConfigurationInput",
          extendedS3Configuration: s3,
          "extendedS3Configuration.bufferingSize": "BufferingHints.SizeInMBs",
          "extendedS3Configuration.bufferingInterval": "BufferingHints.IntervalInSeconds",
        },
      }),
    ],
    elsewhere: {
      destination: "which of the destinations' members is sent",
      "serverSideEncryption.enabled": "whether the member is sent",
    },
  },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
    calls: [
      callsOf("logs")("PutSubscriptionFilter", {
        members: { name: "filterName", logGroup: "logGroupName" },
      }),
    ],
  },
  "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": {
    calls: [resolver("CreateResolverQueryLogConfig")],
  },
  "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": {
    calls: [resolver("AssociateResolverQueryLogConfig")],
  },
  "aws:cfg/recorder:Recorder": {
    calls: [
      config("PutConfigurationRecorder", {
        members: {
          name: `${recorder}name`,
          roleArn: `${recorder}roleARN`,
          recordingGroup: `${recorder}recordingGroup`,
          recordingMode: `${recorder}recordingMode`,
        },
      }),
    ],
  },
  "aws:cfg/deliveryChannel:DeliveryChannel": {
    calls: [
      config("PutDeliveryChannel", {
        members: {
          name: `${channel}name`,
          s3BucketName: `${channel}s3BucketName`,
          s3KeyPrefix: `${channel}s3KeyPrefix`,
          snapshotDeliveryProperties: `${channel}configSnapshotDeliveryProperties`,
        },
      }),
    ],
  },
  "aws:cfg/recorderStatus:RecorderStatus": {
    calls: [config("StartConfigurationRecorder", { members: { name: "ConfigurationRecorderName" } })],
    elsewhere: { isEnabled: "whether it is started or stopped" },
  },
  "aws:cfg/rule:Rule": {
    calls: [config("PutConfigRule", { members: { name: `${rule}ConfigRuleName`, source: `${rule}Source` } })],
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    calls: [callsOf("iam")("CreateServiceLinkedRole", { members: { awsServiceName: "AWSServiceName" } })],
  },
};
