import { callsOf, type Mappings } from "../call";

const waf = callsOf("wafv2");

/** Where the members of a logging configuration stand in the call. */
const logging = "LoggingConfiguration";

export const edgeCalls: Mappings = {
  "aws:wafv2/webAcl:WebAcl": { calls: [waf("CreateWebACL")] },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    calls: [
      waf("PutLoggingConfiguration", {
        members: {
          resourceArn: `${logging}.ResourceArn`,
          logDestinationConfigs: `${logging}.LogDestinationConfigs`,
          redactedFields: `${logging}.RedactedFields`,
          loggingFilter: `${logging}.LoggingFilter`,
        },
      }),
    ],
  },
};
